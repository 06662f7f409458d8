namespace ParallelR1.Data.Hub;

/// <summary>Tries again after failures that may pass; waits twice as long each time, or as long as the server asks.</summary>
internal static class HubRetry
{
    /// <param name="options">How often and how long.</param>
    /// <param name="wait">Waits; a test's clock may jump.</param>
    /// <param name="attempt">The work.</param>
    /// <param name="progress">How far the work is; more than last time makes the count of failures begin anew.</param>
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
