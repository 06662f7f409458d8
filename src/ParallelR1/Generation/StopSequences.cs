namespace ParallelR1.Generation;

/// <summary>Watches the main line of one response for texts that end it.</summary>
/// <param name="stops">The texts.</param>
/// <param name="push">The text that the next id completes.</param>
internal sealed class StopSequences(IReadOnlyList<string> stops, Func<int, string> push)
{
    private readonly int _longest = stops.Max(stop => stop.Length);
    private string _tail = "";

    /// <summary>Takes the next token of the main line, and says whether a text is complete.</summary>
    public bool IsReached(int id)
    {
        var text = _tail + push(id);
        if (stops.Any(stop => text.Contains(stop, StringComparison.Ordinal)))
            return true;
        _tail = text[Math.Max(0, text.Length - _longest + 1)..];
        return false;
    }
}
