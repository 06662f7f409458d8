using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ParallelR1.Generation;
using ParallelR1.IO;
using ParallelR1.Torch;

namespace ParallelR1.Evaluation.Arms;

/// <summary>Evaluations that each leave a file when they are finished, and are not made again where that file is.</summary>
/// <param name="options">How is measured.</param>
/// <param name="output">Takes <c>evaluations/NAME.json</c> and <c>responses/NAME.jsonl</c>.</param>
/// <param name="observer">Watches.</param>
internal sealed class ArmMeasurements(ArmComparisonOptions options, string output, IRunObserver observer)
{
    private static readonly JsonSerializerOptions s_json = new(JsonLines.Options) { WriteIndented = true };
    private readonly Dictionary<string, string> _models = [];

    /// <summary>Measures a model, or reads what was measured.</summary>
    /// <param name="name">The evaluation.</param>
    /// <param name="folder">The model folder.</param>
    /// <param name="decoding">How responses are decoded; whether paths are numbered is the model's.</param>
    /// <param name="samples">Of each problem.</param>
    /// <param name="seed">Keys the draws.</param>
    /// <param name="cancellation">Stops between two steps of the engine.</param>
    /// <exception cref="UsageException">It was measured with other settings.</exception>
    public async Task<Measurement> MeasureAsync(string name, string folder, GenerationOptions decoding, int samples, long seed, CancellationToken cancellation)
    {
        var (file, responses) = (Path.Combine(output, "evaluations", $"{name}.json"), Path.Combine(output, "responses", $"{name}.jsonl"));
        var settings = Settings(folder, decoding, samples, seed);
        if (Stored(file, settings) is { } stored)
            return new Measurement(Deserialize<SuiteResult>(stored, file), responses);
        using var model = LanguageModel.Load(folder, options.Type);
        var evaluator = new Evaluator(
            model,
            [options.Suite with { Samples = samples }],
            new EvaluationOptions
            {
                Generation = decoding with { NumberPaths = decoding.Parallel && model.NumberPaths },
                Limits = options.Limits,
                Seed = seed,
                Grader = options.Grader,
                Template = options.Template,
            },
            observer);
        if (evaluator.Suites[0].Problems.Count != options.Suite.Problems.Count)
            throw new UsageException($"{folder}: {options.Suite.Problems.Count - evaluator.Suites[0].Problems.Count} prompts do not fit into the model's context, and arms are compared on the same problems; leave these out of the suite");
        var result = await evaluator.RunSuiteAsync(0, responses, cancellation).ConfigureAwait(false);
        Store(file, settings, result);
        observer.Say($"{name}: mean@{samples} {result.MeanAtK:P1}, {(double)result.TokensTotal / result.Responses:F0} tokens an answer, {(double)result.TokensCriticalPath / result.Responses:F0} on the critical path, {result.WallSeconds:F0} s");
        return new Measurement(result, responses);
    }

    /// <summary>Something else that was measured with these settings and stored; null: it was not yet.</summary>
    public T? Find<T>(string name, JsonObject settings)
        where T : class
    {
        var file = Path.Combine(output, "evaluations", $"{name}.json");
        return Stored(file, settings) is { } stored ? Deserialize<T>(stored, file) : null;
    }

    /// <summary>Stores it.</summary>
    public void Keep<T>(string name, JsonObject settings, T result) => Store(Path.Combine(output, "evaluations", $"{name}.json"), settings, result);

    /// <summary>What the result of an evaluation depends on.</summary>
    public JsonObject Settings(string folder, GenerationOptions decoding, int samples, long seed) => new()
    {
        ["model"] = Fingerprint(folder),
        ["suite"] = options.Suite.Name,
        ["problems"] = options.Suite.Problems.Count,
        ["problem_texts"] = Hash(string.Join('\n', options.Suite.Problems.Select(p => $"{p.Whole}\n{p.Answer}"))),
        ["samples"] = samples,
        ["seed"] = seed,
        ["grader"] = options.Grader,
        ["prompt_template"] = options.Template?.Text,
        ["dtype"] = options.Dtype,
        ["decoding"] = decoding.Parallel
            ? $"{decoding.Blocks} blocks of {decoding.Paths} paths, path tokens {decoding.PathTokens}, summary tokens {decoding.SummaryTokens}, critical tokens {decoding.CriticalTokens}, max tokens {decoding.MaxTokens}"
            : $"plain, max tokens {decoding.MaxTokens}",
    };

    /// <summary>The type that the folder's evaluations were computed in; null: there is none yet.</summary>
    public static string? StoredType(string output)
    {
        var folder = Path.Combine(output, "evaluations");
        return Directory.Exists(folder) && Directory.EnumerateFiles(folder, "*.json").Order(StringComparer.Ordinal).FirstOrDefault() is { } file
            ? (string?)JsonNode.Parse(File.ReadAllText(file))?["settings"]?["dtype"]
            : null;
    }

    private static JsonNode? Stored(string file, JsonObject settings)
    {
        if (!File.Exists(file))
            return null;
        JsonNode? stored;
        try
        {
            stored = JsonNode.Parse(File.ReadAllText(file));
        }
        catch (JsonException e)
        {
            throw new InputException($"{file}: not an evaluation ({JsonText.Fault(e)}); remove it, and it is measured again", e);
        }

        foreach (var (key, value) in settings)
        {
            if (!JsonNode.DeepEquals(stored?["settings"]?[key], value))
            {
                throw new UsageException(
                    $"{file}: was measured with {key} {stored?["settings"]?[key]?.ToJsonString(JsonLines.Options) ?? "null"}, now {value?.ToJsonString(JsonLines.Options) ?? "null"} is asked for; "
                    + "choose another --out, or remove the file to measure it again");
            }
        }

        return stored!["result"];
    }

    private static T Deserialize<T>(JsonNode stored, string file)
    {
        try
        {
            return stored.Deserialize<T>(s_json) ?? throw new JsonException("it is null");
        }
        catch (JsonException e)
        {
            throw new InputException($"{file}: not an evaluation ({JsonText.Fault(e)}); remove it, and it is measured again", e);
        }
    }

    private static void Store<T>(string file, JsonObject settings, T result)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        var json = new JsonObject { ["settings"] = settings.DeepClone(), ["processor"] = Runtime.ProcessorName, ["result"] = JsonSerializer.SerializeToNode(result, s_json) };
        AtomicFile.WriteText(file, json.ToJsonString(s_json) + "\n");
    }

    private string Fingerprint(string folder)
    {
        if (_models.TryGetValue(folder, out var known))
            return known;
        if (!Directory.Exists(folder))
            throw new UsageException($"{folder}: no such model folder");
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in Directory.EnumerateFiles(folder).Where(f => Path.GetExtension(f) is ".safetensors" or ".json").Order(StringComparer.Ordinal))
        {
            using var stream = File.OpenRead(file);
            hash.AppendData(SHA256.HashData(stream));
        }

        return _models[folder] = Convert.ToHexStringLower(hash.GetHashAndReset())[..32];
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..32];
}

/// <summary>A finished evaluation.</summary>
/// <param name="Result">Its figures.</param>
/// <param name="ResponsesFile">Its responses.</param>
internal sealed record Measurement(SuiteResult Result, string ResponsesFile)
{
    /// <summary>For each problem its responses, in the order of samples.</summary>
    /// <exception cref="InputException">The file is damaged.</exception>
    public IReadOnlyList<IReadOnlyList<AnsweredResponse>> Responses()
    {
        AnsweredResponse[] all = [.. JsonLines.Read(ResponsesFile).Select(line => AnsweredResponse.Read(line.Value))];
        return all.Length == Result.Responses
            ? [.. all.Chunk(Result.Samples)]
            : throw new InputException($"{ResponsesFile}: holds {all.Length} responses, expected {Result.Responses}; remove it and the evaluation of that name, and they are measured again");
    }
}

/// <summary>A response, what it answers, and what it took.</summary>
/// <param name="Text">With tags.</param>
/// <param name="Answer">What the grader found as its answer; null: none.</param>
/// <param name="IsCorrect">Whether that is right.</param>
/// <param name="Tokens">All of its tokens.</param>
/// <param name="CriticalTokens">Those on the critical path.</param>
internal sealed record AnsweredResponse(string Text, string? Answer, bool IsCorrect, int Tokens, int CriticalTokens)
{
    public static AnsweredResponse Read(JsonObject line) => new(
        (string?)line["response"] ?? "", (string?)line["extracted"], (string?)line["verdict"] == "correct", (int?)line["tokens"] ?? 0, (int?)line["tokens_critical_path"] ?? 0);
}
