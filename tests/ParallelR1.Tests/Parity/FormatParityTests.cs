using System.Text.Json.Nodes;
using ParallelR1.Cli;
using ParallelR1.Data.Hub;
using ParallelR1.IO;
using ParallelR1.Models;
using ParallelR1.Tokenization;

namespace ParallelR1.Tests.Parity;

/// <summary>
/// Model files and tokenizers as people meet them: every folder of the fixtures, found by discovery. Where a folder has no
/// <c>expected.jsonl</c>, the table says what must happen.
/// </summary>
public sealed class FormatParityTests : IDisposable
{
    private const string Text = "a<|extra|>b [PAD] <|user|>x <|bot|> y <Path> z";
    private static readonly int[] s_extra = [27, 91, 68, 87, 83, 81, 64, 91, 29];
    private static readonly int[] s_pad = [58, 47, 32, 35, 60];
    private static readonly int[] s_user = [27, 91, 84, 82, 258, 91, 29];
    private static readonly int[] s_bot = [27, 91, 556, 83, 91, 29];

    /// <summary>Parts of the one error.</summary>
    private static readonly Dictionary<string, string[]> s_refused = new(StringComparer.Ordinal)
    {
        ["a10-5-dtype"] = ["config.json: dtype", "correct it"],
        ["b01-lfs-pointer-weights"] = ["model.safetensors", "Git LFS pointer", "git lfs pull"],
        ["b01b-lfs-pointer-config"] = ["config.json", "Git LFS pointer", "git lfs pull"],
        ["b05-f8"] = ["model.safetensors", "model.layers.0.mlp.up_proj.weight", "F8_E4M3", "bfloat16"],
        ["c07-cfg-eos-unknown"] = ["tokenizer_config.json", "eos_token", "<nope>"],
        ["d01-no-merges"] = ["tokenizer.ggml.merges", "old converters"],
        ["d02b-no-pre-llama"] = ["tokenizer.ggml.pre"],
        ["d02c-pre-default"] = ["tokenizer.ggml.pre"],
        ["d08g-rope-freqs-and-linear"] = ["rope.scaling", "rope_freqs.weight"],
        ["d16f-yarn-attn-factor"] = ["attn_factor"],
        ["d16r-linear-attn-factor"] = ["attn_factor"],
    };

    /// <summary>A part of the one warning.</summary>
    private static readonly Dictionary<string, string> s_warned = new(StringComparer.Ordinal)
    {
        ["a01-tied-with-own-head"] = "tie_word_embeddings",
        ["a02-untied-no-head"] = "tie_word_embeddings",
        ["a02b-tie-absent-no-head"] = "tie_word_embeddings",
        ["a05-yarn-attn-factor"] = "attn_factor",
        ["a05b-yarn-finetuned"] = "finetuned",
        ["d02-no-pre-qwen2"] = "tokenizer.ggml.pre",
        ["d04-no-types"] = "tokenizer.ggml.token_type",
    };

    /// <summary>The ids of <see cref="Text"/>, by transformers 5.23.</summary>
    private static readonly Dictionary<string, int[]> s_ids = new(StringComparer.Ordinal)
    {
        ["c07-cfg-dupkey"] = [64, .. s_extra, 65, 220, .. s_pad, 220, .. s_user, 87, 220, .. s_bot, 220, 88, 220, 657, 220, 89],
        ["c07-merges-version"] = [64, .. s_extra, 65, 220, .. s_pad, 220, .. s_user, 87, 220, .. s_bot, 220, 88, 220, 657, 220, 89],
        ["c09-additional-new"] = [64, .. s_extra, 65, 220, .. s_pad, 220, 663, 87, 220, 664, 220, 88, 220, 657, 220, 89],
        ["c09-decoder-extra"] = [64, 663, 65, 220, .. s_pad, 220, .. s_user, 87, 220, .. s_bot, 220, 88, 220, 657, 220, 89],
        ["c09-decoder-flags-differ"] = [64, .. s_extra, 65, 220, .. s_pad, 220, .. s_user, 87, 220, .. s_bot, 220, 88, 657, 89],
        ["c09-pad-new"] = [64, .. s_extra, 65, 220, 663, 220, .. s_user, 87, 220, .. s_bot, 220, 88, 220, 657, 220, 89],
    };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Every_folder_is_read_as_expected_or_refused_with_what_to_do()
    {
        var failures = new List<string>();
        foreach (var folder in Directory.GetDirectories(Fixtures.Folder("formats")).Order(StringComparer.Ordinal))
        {
            var name = Path.GetFileName(folder);
            if ((s_refused.TryGetValue(name, out var parts) ? Refused(folder, parts) : await ReadAsync(folder, name)) is { } failure)
                failures.Add($"{name}: {failure}");
        }

        Assert.True(failures.Count == 0, string.Join('\n', failures));
    }

    private string? Refused(string folder, string[] parts)
    {
        var error = Record.Exception(() => Open(folder));
        return error is InputException && !error.Message.Contains('\n', StringComparison.Ordinal) && parts.All(p => error.Message.Contains(p, StringComparison.Ordinal))
            ? null
            : $"expected an error with {string.Join(", ", parts)}, found {error?.Message ?? "none"}";
    }

    private async Task<string?> ReadAsync(string folder, string name)
    {
        if (name == "b11-hub-cache")
            return await HubCacheAsync(folder);
        var (model, warnings) = Open(folder);
        if (s_warned.TryGetValue(name, out var part) ? warnings is not [var warning] || !warning.Contains(part, StringComparison.Ordinal) : warnings.Count > 0)
            return $"expected {(part is null ? "no warning" : $"a warning of {part}")}, found [{string.Join("; ", warnings)}]";
        if (File.Exists(Path.Combine(folder, "expected.jsonl")))
            return File.Exists(Path.Combine(folder, "config.json")) ? await ScoreAsync(folder, model) : Tokenize(folder);
        if (name == "d16e-factor-no-type")
            return await ScoreLinearAsync(folder, model);
        if (s_ids.TryGetValue(name, out var ids))
            return Tokenizer.Load(model).Encode(Text) is var found && found.SequenceEqual(ids) ? null : $"expected {string.Join(' ', ids)}, found {string.Join(' ', found)}";
        return name switch
        {
            "c08-template-bom" => Tokenizer.Load(folder).ChatTemplateFor().Render([new ChatMessage("user", "hi")], addGenerationPrompt: true) == "<|im_start|>user\nhi<|im_end|>\n<|im_start|>assistant\n" ? null : "another text",
            "a13-4-gen-eos" => ModelConfig.Load(folder).EosIds is [0] ? null : "other ids end a response than those of config.json",
            "a15-nan" or "a15b-infinity" => null,
            "d02-no-pre-qwen2" => File.ReadAllText(Path.Combine(model, "tokenizer.json")).Contains(@"\\p{N}|", StringComparison.Ordinal) ? null : "not Qwen's pattern",
            "d04-no-types" or "d12b-merges-version-line" => Tokenizer.Load(model).Encode("<Path>").Length == 1 ? null : "<Path> is not one token",
            _ => "there is no expected.jsonl, and the table of this test has no row for it",
        };
    }

    /// <summary>Loads what a folder holds; of a GGUF file the converted folder.</summary>
    private (string Model, IReadOnlyList<string> Warnings) Open(string folder)
    {
        if (File.Exists(Path.Combine(folder, "m.gguf")))
        {
            var model = _folder[Path.GetFileName(folder)];
            return (model, GgufConverter.Convert(Path.Combine(folder, "m.gguf"), model).Warnings);
        }

        if (!File.Exists(Path.Combine(folder, "config.json")))
            return (folder, Tokenizer.Load(folder).Warnings);
        using var decoder = DecoderFiles.Load(folder);
        return (folder, decoder.Config.Warnings);
    }

    private async Task<string?> ScoreAsync(string folder, string model)
    {
        var found = await LogProbabilitiesAsync(folder, model);
        foreach (var (line, expected) in found.Zip(JsonLines.Read(Path.Combine(folder, "expected.jsonl")).Select(l => Floats(l.Value))))
        {
            foreach (var (have, want) in line.Zip(expected))
            {
                if (!(Math.Abs(have - want) <= 5e-5 * Math.Max(1, Math.Abs(want))))
                    return $"expected log-probability {want}, found {have}";
            }
        }

        return null;
    }

    private async Task<string?> ScoreLinearAsync(string folder, string model)
    {
        var found = (await LogProbabilitiesAsync(folder, model))[0];
        foreach (var (token, want) in new[] { (5, -6.554), (60, -9.557), (150, -6.789), (199, -10.692) })
        {
            if (Math.Abs(found[token - 1] - want) > 0.02)
                return $"expected log-probability {want} of token {token}, found {found[token - 1]}";
        }

        return null;
    }

    private async Task<List<double[]>> LogProbabilitiesAsync(string folder, string model)
    {
        var output = _folder["scores.jsonl"];
        var status = await CommandLineApp.RunAsync(["score", "--model", model, "--visibility", "plain", "--dtype", "f32", "--input", Path.Combine(folder, "input.jsonl"), "--output", output]);
        Assert.Equal(0, status);
        return [.. JsonLines.Read(output).Select(l => Floats(l.Value))];
    }

    private static string? Tokenize(string folder)
    {
        var tokenizer = Tokenizer.Load(folder);
        foreach (var (input, expected) in JsonLines.Read(Path.Combine(folder, "input.jsonl")).Zip(JsonLines.Read(Path.Combine(folder, "expected.jsonl"))))
        {
            var found = tokenizer.Encode((string)input.Value["text"]!);
            if (!expected.Value["ids"]!.AsArray().Select(i => (int)i!).SequenceEqual(found))
                return $"expected {expected.Value["ids"]!.ToJsonString()}, found {string.Join(' ', found)}";
        }

        return null;
    }

    /// <summary>The fixture holds the links' targets as text, so that it can be copied anywhere; here they are links.</summary>
    private async Task<string?> HubCacheAsync(string folder)
    {
        var cache = _folder["cache"];
        foreach (var file in Directory.GetFiles(folder, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(cache, Path.GetRelativePath(folder, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            if (file.Contains("/snapshots/", StringComparison.Ordinal))
                File.CreateSymbolicLink(copy, File.ReadAllText(file));
            else
                File.Copy(file, copy);
        }

        var size = new FileInfo(Path.Combine(cache, "models--a--b/blobs/w0")).Length;
        if (ModelInfo.Read(Path.Combine(cache, "models--a--b/snapshots/abc")).FileBytes != size)
            return "model info does not show the real size";
        using var client = new HubClient(new HubOptions { Endpoint = cache });
        await SetDownload.ModelAsync(client, "a/b", "main", _folder["pulled"], [], null, default);
        return ModelInfo.Read(_folder["pulled"]).FileBytes == size ? null : "the pulled model is another";
    }

    private static double[] Floats(JsonObject line) => [.. line["logprobs"]!.AsArray().Select(x => (double)x!)];
}
