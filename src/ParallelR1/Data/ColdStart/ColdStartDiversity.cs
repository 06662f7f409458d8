using System.Text.Json.Nodes;

namespace ParallelR1.Data.ColdStart;

/// <summary>The diversity of the kept examples.</summary>
public sealed record ColdStartDiversity
{
    /// <summary>Similarity (self-BLEU) of the paths of a block, mean over examples, 0 to 1; null if not measured or nothing was kept.</summary>
    public double? SelfBleu { get; init; }

    /// <summary>Relative position of the first block in the text, mean over examples, 0 to 1.</summary>
    public double? FirstBlockAt { get; init; }

    /// <summary>Number of examples by number of blocks.</summary>
    public required IReadOnlyDictionary<int, int> Blocks { get; init; }

    /// <summary>Number of blocks by number of paths.</summary>
    public required IReadOnlyDictionary<int, int> Paths { get; init; }

    /// <summary>Mean number of characters of an example.</summary>
    public double? Characters { get; init; }

    internal JsonObject ToJson() => new()
    {
        ["self_bleu"] = Rounded(SelfBleu),
        ["first_block_at"] = Rounded(FirstBlockAt),
        ["characters"] = Rounded(Characters),
        ["blocks_per_example"] = Counts(Blocks),
        ["paths_per_block"] = Counts(Paths),
    };

    private static JsonNode? Rounded(double? value) => value is { } number ? Math.Round(number, 4) : null;

    private static JsonObject Counts(IReadOnlyDictionary<int, int> counts) =>
        new(counts.OrderBy(c => c.Key).Select(c => KeyValuePair.Create<string, JsonNode?>($"{c.Key}", c.Value)));
}
