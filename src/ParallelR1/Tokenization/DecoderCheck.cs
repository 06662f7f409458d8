using System.Text.Json.Nodes;

namespace ParallelR1.Tokenization;

/// <summary>Decoding is byte-level, always; a tokenizer.json that asks for something else is refused.</summary>
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
