namespace ParallelR1.Data.ColdStart;

/// <summary>Counts results while the teacher is asked. Thread-safe.</summary>
internal sealed class AskProgress(ColdStartOptions options, long total, long before)
{
    private readonly Lock _gate = new();
    private ColdStartUsage _usage = new();
    private int _done;
    private int _replies;
    private int _kept;
    private int _refusals;
    private int _failures;
    private int _failuresInARow;

    /// <summary>Adds the result of one sample; returns the number of consecutive failures and the progress.</summary>
    public (int FailuresInARow, int Refusals, int Replies, RunProgress Progress) Add(JournalEntry entry, bool kept)
    {
        lock (_gate)
        {
            _done++;
            _kept += kept ? 1 : 0;
            if (entry.Reply is { } reply)
            {
                _replies++;
                _usage = _usage.With(reply, options);
            }

            var failed = entry.Kind == JournalEntry.FailedKind;
            _failures += failed ? 1 : 0;
            _failuresInARow = failed ? _failuresInARow + 1 : 0;
            _refusals += entry.Kind == JournalEntry.RefusedKind ? 1 : 0;
            return (_failuresInARow, _refusals, _replies, new RunProgress("cold-start", before + _done, total, Detail()));
        }
    }

    private string Detail()
    {
        var detail = $"kept {_kept} of {_replies}, {_usage.PromptTokens + _usage.CompletionTokens:N0} tokens";
        if (_usage.Cost is { } cost)
            detail += $", cost {cost:0.00##}";
        if (_usage.Retries > 0)
            detail += $", {_usage.Retries} retries";
        if (_refusals > 0)
            detail += $", {_refusals} refused";
        return _failures > 0 ? $"{detail}, {_failures} failed" : detail;
    }
}
