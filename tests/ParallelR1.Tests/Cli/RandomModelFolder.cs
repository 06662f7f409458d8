using System.Text.Json.Nodes;
using ParallelR1.Models;
using ParallelR1.Tests.Generation;
using ParallelR1.Tests.Tokenization;

namespace ParallelR1.Tests.Cli;

/// <summary>A small model with random weights and a tokenizer trained on the spot, as a Hugging Face folder.</summary>
internal static class RandomModelFolder
{
    public const int Context = 2048;

    public static string Write(string path, bool tokenizer = true)
    {
        Directory.CreateDirectory(path);
        var tiny = TinyTokenizer.Instance;
        using var decoder = DecoderFiles.Create(RandomDecoder.Config(tiny.IdLimit) with { MaxPositions = Context, EosIds = [tiny.EosId!.Value] }, RandomKey.FromSeed(3));
        decoder.Save(path);
        if (tokenizer)
            tiny.Save(path);
        return path;
    }

    /// <summary>The ids of the six tags, as <c>--tags</c> reads them.</summary>
    public static string WriteTags(string file)
    {
        var tiny = TinyTokenizer.Instance;
        var map = new JsonObject { ["other"] = "ignored" };
        foreach (var tag in TinyTokenizer.Tags)
            map[tag] = tiny.IdOf(tag);
        if (tiny.Encode("\n") is [var newline])
            map["newline"] = newline;
        File.WriteAllText(file, map.ToJsonString());
        return file;
    }
}
