using System.Text.Json.Nodes;

namespace ParallelR1.Data.ColdStart;

/// <summary>How varied the kept examples are.</summary>
public sealed record ColdStartDiversity
{
    /// <summary>How alike the paths of a block are, mean over examples, 0 to 1; null where it was not measured or nothing was kept.</summary>
    public double? SelfBleu { get; init; }

    /// <summary>Where the first block begins, as a share of the text; mean over examples.</summary>
    public double? FirstBlockAt { get; init; }

    /// <summary>Examples by number of blocks.</summary>
    public required IReadOnlyDictionary<int, int> Blocks { get; init; }

    /// <summary>Blocks by number of paths.</summary>
    public required IReadOnlyDictionary<int, int> Paths { get; init; }

    /// <summary>Characters of an example, mean.</summary>
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
