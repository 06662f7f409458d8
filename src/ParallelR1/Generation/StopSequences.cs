namespace ParallelR1.Generation;

/// <summary>Watches the main line of one response for its stop sequences.</summary>
/// <param name="stops">The stop sequences.</param>
/// <param name="push">Adds a token id to the text, and returns the text that it completes.</param>
internal sealed class StopSequences(IReadOnlyList<string> stops, Func<int, string> push)
{
    private readonly int _longest = stops.Max(stop => stop.Length);
    private string _tail = "";

    /// <summary>Adds the next token of the main line, and returns whether a stop sequence is complete.</summary>
    public bool IsReached(int id)
    {
        var text = _tail + push(id);
        if (stops.Any(stop => text.Contains(stop, StringComparison.Ordinal)))
            return true;
        _tail = text[Math.Max(0, text.Length - _longest + 1)..];
        return false;
    }
}
