namespace ParallelR1.Thinking;

/// <summary>Where a token goes while a trace is decoded.</summary>
/// <param name="Row">Its number in the order of appending, from 0 at the first token of the prompt: its row in a cache that only grows.</param>
/// <param name="Position">Its position id in Unseen.</param>
/// <param name="SeenPosition">Its position id in Seen, in the context in which it is decoded.</param>
/// <param name="Lane">Its lane: it sees the rows whose lane is 0 or the same.</param>
public readonly record struct TokenPlace(int Row, int Position, int SeenPosition, int Lane);
