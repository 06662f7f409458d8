namespace ParallelR1.Data.ColdStart;

/// <summary>A block of an answer: what its paths and its summary say.</summary>
internal sealed record ExampleBlock(int Start, IReadOnlyList<string> Paths)
{
    public string Summary { get; set; } = "";
}
