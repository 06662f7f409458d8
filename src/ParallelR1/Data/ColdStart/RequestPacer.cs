namespace ParallelR1.Data.ColdStart;

/// <summary>
/// Limits the rate of requests and tokens per minute. Requests are spaced evenly; tokens are known only afterwards, so tokens beyond the
/// limit delay the next request. A delay that the server asks for applies to all requests.
/// </summary>
internal sealed class RequestPacer(double? requestsPerMinute, double? tokensPerMinute, TimeProvider time)
{
    private readonly Lock _gate = new();
    private DateTimeOffset _next = DateTimeOffset.MinValue;
    private DateTimeOffset _tokensFree = DateTimeOffset.MinValue;
    private DateTimeOffset _pausedUntil = DateTimeOffset.MinValue;

    /// <summary>Waits until the next request may be sent.</summary>
    public async Task WaitAsync(CancellationToken cancellation)
    {
        var turn = Reserve();
        while (true)
        {
            var until = Latest(turn);
            var delay = until - time.GetUtcNow();
            if (delay <= TimeSpan.Zero)
                return;
            await Task.Delay(delay, time, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Records the tokens of a request.</summary>
    public void Spent(long tokens)
    {
        if (tokensPerMinute is not { } limit)
            return;
        lock (_gate)
        {
            var from = Max(_tokensFree, time.GetUtcNow());
            _tokensFree = from + TimeSpan.FromMinutes(Math.Min(tokens / limit, TimeSpan.FromDays(1).TotalMinutes));
        }
    }

    /// <summary>Delays all requests.</summary>
    public void Pause(TimeSpan delay)
    {
        lock (_gate)
            _pausedUntil = Max(_pausedUntil, time.GetUtcNow() + delay);
    }

    private DateTimeOffset Reserve()
    {
        lock (_gate)
        {
            var turn = Max(_next, time.GetUtcNow());
            if (requestsPerMinute is { } limit)
                _next = turn + TimeSpan.FromMinutes(Math.Min(1 / limit, TimeSpan.FromDays(1).TotalMinutes));
            return turn;
        }
    }

    private DateTimeOffset Latest(DateTimeOffset turn)
    {
        lock (_gate)
            return Max(turn, Max(_tokensFree, _pausedUntil));
    }

    private static DateTimeOffset Max(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;
}
