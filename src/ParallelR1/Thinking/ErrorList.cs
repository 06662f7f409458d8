namespace ParallelR1.Thinking;

/// <summary>Collects messages; hostile text makes as many as it has tags, so only the first are kept.</summary>
internal sealed class ErrorList
{
    private const int Kept = 50;
    private readonly List<string> _messages = [];
    private int _count;

    public bool Add(string message)
    {
        if (_count++ < Kept)
            _messages.Add(message);
        return false;
    }

    public IReadOnlyList<string> ToList() => _count <= Kept ? _messages : [.. _messages, $"and {_count - Kept} more"];
}
