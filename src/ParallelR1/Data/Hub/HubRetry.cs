namespace ParallelR1.Data.Hub;

/// <summary>Retries after transient failures, with a delay that doubles each time or that the server asks for.</summary>
internal static class HubRetry
{
    /// <summary>Runs an operation with retries.</summary>
    /// <param name="options">Number of retries and delays.</param>
    /// <param name="wait">Waits; replaceable in tests.</param>
    /// <param name="attempt">The operation.</param>
    /// <param name="progress">Progress of the operation; an increase resets the number of failures.</param>
    /// <param name="cancellation">Stops waiting.</param>
    public static async Task<T> RunAsync<T>(
        HubOptions options,
        Func<TimeSpan, CancellationToken, Task> wait,
        Func<Task<T>> attempt,
        Func<long> progress,
        CancellationToken cancellation)
    {
        var failures = 0;
        var reached = progress();
        while (true)
        {
            try
            {
                return await attempt().ConfigureAwait(false);
            }
            catch (TransientHubException e)
            {
                failures = progress() > reached ? 1 : failures + 1;
                reached = Math.Max(reached, progress());
                if (failures > options.Retries)
                    throw new HubException($"{e.Message}; gave up after {failures} attempts", e);
                if (e.RetryAfter > options.LongestDelay)
                    throw new HubException($"{e.Message}; it asks to wait {e.RetryAfter.Value.TotalSeconds:F0} s, which is too long: try again later", e);
                var delay = e.RetryAfter ?? options.FirstDelay * Math.Pow(2, failures - 1);
                await wait(delay < options.LongestDelay ? delay : options.LongestDelay, cancellation).ConfigureAwait(false);
            }
        }
    }
}
