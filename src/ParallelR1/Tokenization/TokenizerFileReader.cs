using System.Text.Json;
using System.Text.Json.Nodes;
using ParallelR1.IO;

namespace ParallelR1.Tokenization;

/// <summary>Reads a tokenizer.json. The vocabulary and the merges are streamed; they are most of the file.</summary>
internal static class TokenizerFileReader
{
    private static readonly JsonReaderOptions s_options = new() { MaxDepth = 64 };

    /// <summary>Reads a file.</summary>
    /// <exception cref="InputException">The file is not a tokenizer.json of a BPE model, or is damaged.</exception>
    public static TokenizerDefinition Read(ReadOnlySpan<byte> utf8)
    {
        try
        {
            var reader = new Utf8JsonReader(utf8.StartsWith("\uFEFF"u8) ? utf8[3..] : utf8, s_options);
            return ReadRoot(ref reader);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or ArgumentException)
        {
            throw new InputException($"tokenizer.json: not valid JSON: {JsonText.Fault(e)}", e);
        }
    }

    private static TokenizerDefinition ReadRoot(ref Utf8JsonReader reader)
    {
        var shell = new JsonObject();
        var model = new ModelPart();
        JsonNode? added = null;
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            throw new InputException($"tokenizer.json: expected an object, found {reader.TokenType}");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            reader.Read();
            if (name == "model" && reader.TokenType == JsonTokenType.StartObject)
                shell["model"] = ReadModel(ref reader, model);
            else if (name == "added_tokens")
                added = StrictJson.Parse(ref reader);
            else
                shell[name] = StrictJson.Parse(ref reader);
        }

        // Reading further reports text after the object.
        while (reader.Read())
        {
        }

        var type = ComponentReader.Of("model", shell["model"]);
        if (type.Type != "BPE")
            throw type.Unknown("BPE");
        if (model.Vocabulary is not { } vocabulary)
            throw type.Wrong("vocab", "an object of tokens and ids");
        if (model.Merges is not { } merges)
            throw type.Wrong("merges", "a list");
        return new TokenizerDefinition(shell, vocabulary, merges, model.MergesAsPairs, AddedTokenReader.Read(added));
    }

    private static JsonObject ReadModel(ref Utf8JsonReader reader, ModelPart part)
    {
        var shell = new JsonObject();
        // Merges refer to the vocabulary, which may come after them: they are read last.
        var postponed = default(Utf8JsonReader);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            reader.Read();
            if (name == "vocab" && reader.TokenType == JsonTokenType.StartObject)
            {
                part.Vocabulary = VocabularyReader.Read(ref reader);
            }
            else if (name == "merges" && reader.TokenType == JsonTokenType.StartArray)
            {
                postponed = reader;
                reader.Skip();
                part.HasMerges = true;
            }
            else
            {
                shell[name] = StrictJson.Parse(ref reader);
            }
        }

        if (part is { HasMerges: true, Vocabulary: { } vocabulary })
            (part.Merges, part.MergesAsPairs) = MergesReader.Read(ref postponed, vocabulary);
        if (!shell.ContainsKey("type"))
            shell.Insert(0, "type", part.HasMerges ? "BPE" : "unknown");
        return shell;
    }

    private sealed class ModelPart
    {
        public Dictionary<string, int>? Vocabulary { get; set; }

        public bool HasMerges { get; set; }

        public IReadOnlyList<(int Left, int Right, int Result)>? Merges { get; set; }

        public bool MergesAsPairs { get; set; }
    }
}

/// <summary>Checks that the decoder is byte-level, the only supported kind.</summary>
internal static class DecoderCheck
{
    public static void Check(JsonNode? node)
    {
        if (node is null)
            throw new InputException("tokenizer.json: decoder is missing; only byte-level BPE is supported, whose decoder is ByteLevel");
        var decoder = ComponentReader.Of("decoder", node);
        if (decoder.Type == "Sequence" && decoder.Array("decoders").Count == 1)
            decoder = decoder.List("decoders").First();
        if (decoder.Type != "ByteLevel")
            throw decoder.Unknown("ByteLevel");
    }
}

/// <summary>Reads <c>model.vocab</c>; tokens and ids must be unique.</summary>
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
                throw new InputException($"tokenizer.json: the id of token \"{token}\" is not a valid id");
            if (!vocabulary.TryAdd(token, id))
                throw new InputException($"tokenizer.json: token \"{token}\" occurs twice in the vocabulary");
        }

        return vocabulary;
    }
}
