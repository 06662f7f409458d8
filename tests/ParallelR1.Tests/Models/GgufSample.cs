using System.Text;

namespace ParallelR1.Tests.Models;

/// <summary>Writes small GGUF files: a one-block Llama of width 8, with every value of a matrix telling its row.</summary>
internal static class GgufSample
{
    public const int Hidden = 8, Heads = 2, HeadDim = 4, Vocab = 4;

    public static byte[] Llama(Action<Dictionary<string, object>>? change = null)
    {
        var metadata = new Dictionary<string, object>
        {
            ["general.architecture"] = "llama",
            ["llama.embedding_length"] = (uint)Hidden,
            ["llama.block_count"] = 1u,
            ["llama.feed_forward_length"] = 6u,
            ["llama.attention.head_count"] = (uint)Heads,
            ["llama.attention.head_count_kv"] = 1u,
            ["llama.attention.layer_norm_rms_epsilon"] = 1e-5f,
            ["llama.context_length"] = 64u,
            ["llama.rope.freq_base"] = 100000f,
            ["tokenizer.ggml.model"] = "gpt2",
            ["tokenizer.ggml.pre"] = "smollm",
            ["tokenizer.ggml.tokens"] = new[] { "a", "b", "ab", "<|end|>" },
            ["tokenizer.ggml.merges"] = new[] { "a b" },
            ["tokenizer.ggml.token_type"] = new[] { 1, 1, 1, 3 },
            ["tokenizer.ggml.eos_token_id"] = 3u,
        };
        change?.Invoke(metadata);
        return Write(metadata,
        [
            ("token_embd.weight", [Vocab, Hidden]), ("output_norm.weight", [Hidden]),
            ("blk.0.attn_norm.weight", [Hidden]), ("blk.0.attn_q.weight", [Heads * HeadDim, Hidden]),
            ("blk.0.attn_k.weight", [HeadDim, Hidden]), ("blk.0.attn_v.weight", [HeadDim, Hidden]),
            ("blk.0.attn_output.weight", [Hidden, Heads * HeadDim]), ("blk.0.ffn_norm.weight", [Hidden]),
            ("blk.0.ffn_gate.weight", [6, Hidden]), ("blk.0.ffn_up.weight", [6, Hidden]), ("blk.0.ffn_down.weight", [Hidden, 6]),
        ]);
    }

    private static byte[] Write(Dictionary<string, object> metadata, (string Name, int[] Shape)[] tensors)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write("GGUF"u8);
        writer.Write(3u);
        writer.Write((ulong)tensors.Length);
        writer.Write((ulong)metadata.Count);
        foreach (var (key, value) in metadata)
        {
            Text(writer, key);
            Value(writer, value);
        }

        ulong offset = 0;
        foreach (var (name, shape) in tensors)
        {
            Text(writer, name);
            writer.Write((uint)shape.Length);
            foreach (var size in shape.Reverse())
                writer.Write((ulong)size);
            writer.Write(0u);
            writer.Write(offset);
            offset += (ulong)(shape.Aggregate(4, (a, b) => a * b) + 31) / 32 * 32;
        }

        foreach (var (_, shape) in tensors)
        {
            Pad(writer);
            for (var i = 0; i < shape.Aggregate(1, (a, b) => a * b); i++)
                writer.Write(i / shape[^1] + i % shape[^1] / 16f);
        }

        return stream.ToArray();
    }

    private static void Value(BinaryWriter writer, object value)
    {
        switch (value)
        {
            case uint number:
                writer.Write(4u);
                writer.Write(number);
                break;
            case float number:
                writer.Write(6u);
                writer.Write(number);
                break;
            case string text:
                writer.Write(8u);
                Text(writer, text);
                break;
            case string[] texts:
                writer.Write(9u);
                writer.Write(8u);
                writer.Write((ulong)texts.Length);
                foreach (var text in texts)
                    Text(writer, text);
                break;
            case int[] numbers:
                writer.Write(9u);
                writer.Write(5u);
                writer.Write((ulong)numbers.Length);
                foreach (var number in numbers)
                    writer.Write(number);
                break;
        }
    }

    private static void Text(BinaryWriter writer, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        writer.Write((ulong)bytes.Length);
        writer.Write(bytes);
    }

    private static void Pad(BinaryWriter writer)
    {
        while (writer.BaseStream.Position % 32 != 0)
            writer.Write((byte)0);
    }
}
