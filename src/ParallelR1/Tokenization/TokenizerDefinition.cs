using System.Text.Json.Nodes;

namespace ParallelR1.Tokenization;

/// <summary>The contents of a tokenizer.json: vocabulary, merges and added tokens as data, everything else as JSON.</summary>
/// <param name="Shell">The root object without added tokens, and its <c>model</c> without vocabulary and merges.</param>
/// <param name="Vocabulary">Entries in the byte alphabet with their ids.</param>
/// <param name="Merges">Pairs of ids with the id of their result, best first.</param>
/// <param name="MergesAsPairs">Whether merges are written as <c>["a","b"]</c> instead of <c>"a b"</c>.</param>
/// <param name="AddedTokens">In the order of the file.</param>
internal sealed record TokenizerDefinition(
    JsonObject Shell,
    Dictionary<string, int> Vocabulary,
    IReadOnlyList<(int Left, int Right, int Result)> Merges,
    bool MergesAsPairs,
    IReadOnlyList<AddedToken> AddedTokens)
{
    /// <summary>Warnings about settings in the files that were changed or ignored.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>Gets the highest id in use plus one.</summary>
    public int IdLimit => Math.Max(Highest(Vocabulary.Values), Highest(AddedTokens.Select(t => t.Id))) + 1;

    private static int Highest(IEnumerable<int> ids) => ids.Aggregate(-1, Math.Max);
}
