using System.Text.Json;

namespace ParallelR1.Tokenization;

/// <summary>Reads <c>model.vocab</c>: one id a token, one token an id.</summary>
internal static class VocabularyReader
{
    public static Dictionary<string, int> Read(ref Utf8JsonReader reader)
    {
        var vocabulary = new Dictionary<string, int>(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var token = reader.GetString()!;
            reader.Read();
            if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt32(out var id) || id < 0)
                throw new InputException($"tokenizer.json: the id of token \"{token}\" is not a number that an id can be");
            if (!vocabulary.TryAdd(token, id))
                throw new InputException($"tokenizer.json: token \"{token}\" is twice in the vocabulary");
        }

        return vocabulary;
    }
}
