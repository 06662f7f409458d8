using System.Text.Json;

namespace ParallelR1.Tokenization;

/// <summary>Reads <c>model.merges</c> in both spellings, <c>["a","b"]</c> and <c>"a b"</c>.</summary>
internal static class MergesReader
{
    public static (IReadOnlyList<(int Left, int Right, int Result)> Merges, bool AsPairs) Read(
        ref Utf8JsonReader reader, Dictionary<string, int> vocabulary)
    {
        var merges = new MergeListBuilder(vocabulary);
        var asPairs = false;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType == JsonTokenType.String)
            {
                merges.AddLine(reader.GetString()!);
                continue;
            }

            asPairs = true;
            if (reader.TokenType != JsonTokenType.StartArray)
                throw Malformed(merges.Count);
            var left = Part(ref reader, merges.Count);
            var right = Part(ref reader, merges.Count);
            if (!reader.Read() || reader.TokenType != JsonTokenType.EndArray)
                throw Malformed(merges.Count);
            merges.Add(left, right);
        }

        return (merges.Merges, asPairs);
    }

    private static string Part(ref Utf8JsonReader reader, int index) =>
        reader.Read() && reader.TokenType == JsonTokenType.String ? reader.GetString()! : throw Malformed(index);

    private static InputException Malformed(int index) =>
        new($"tokenizer.json: merge {index} is neither \"a b\" nor [\"a\", \"b\"]");
}
