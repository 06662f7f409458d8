using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using ParallelR1.Data;
using ParallelR1.IO;
using ParallelR1.Training.Recipes;

namespace ParallelR1.Training;

/// <summary>
/// Computes size and SHA-256 of the inputs of a run: training and validation data, prompt template, starting model. Every byte is hashed,
/// which takes about a second per gigabyte. Sets that are sampled by name have no file and are determined by the recipe.
/// </summary>
internal static class InputContents
{
    public static JsonObject Of(Recipe recipe)
    {
        var contents = new JsonObject();
        foreach (var (key, path) in new[]
        {
            ("data.train", recipe.Data.Train), ("data.validation", recipe.Data.Validation),
            ("data.prompt_template", recipe.Data.PromptTemplate), ("model.from", recipe.Model.From),
        })
        {
            if (path is not null && Files(path) is { Count: > 0 } files)
                contents[key] = Describe(path, files);
        }

        return contents;
    }

    /// <summary>Checks that the inputs are those that the run started with.</summary>
    /// <exception cref="UsageException">The contents of an input have changed since the checkpoint was saved.</exception>
    public static void RequireSame(string checkpoint, JsonObject before, JsonObject now)
    {
        foreach (var (key, was) in before)
        {
            if (!JsonNode.DeepEquals(was, now[key]))
                throw new UsageException($"{checkpoint}: {key} has other contents than the run began with ({Text(was)} then, {Text(now[key])} now); put back what was there, or start a new run in another --out");
        }

        foreach (var key in now.Select(p => p.Key).Where(key => !before.ContainsKey(key)))
            throw new UsageException($"{checkpoint}: {key} is a file now ({Text(now[key])}) and was none when the run began; put back what was there, or start a new run in another --out");
    }

    private static List<string> Files(string path)
    {
        if (File.Exists(path))
            return [path];
        if (Directory.Exists(path))
            return [.. Directory.EnumerateFiles(path).Where(f => Path.GetExtension(f) is ".json" or ".safetensors" or ".jinja" or ".txt").Order(StringComparer.Ordinal)];
        return (KnownSets.Find(path) ?? ExampleSets.Find(path)) is { IsSynthetic: false } set ? [.. Parts(set).SelectMany(ProblemSet.LocalFiles)] : [];
    }

    private static IEnumerable<KnownSet> Parts(KnownSet set) => set.Parts.Count == 0 ? [set] : set.Parts.Select(p => KnownSets.Find(p)!).SelectMany(Parts);

    private static JsonObject Describe(string root, List<string> files)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var size = 0L;
        var buffer = new byte[1 << 20];
        foreach (var file in files)
        {
            if (files.Count > 1 || file != root)
                hash.AppendData(Encoding.UTF8.GetBytes($"{Path.GetFileName(file)}:{FileSize.Of(file)}\n"));
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 1, FileOptions.SequentialScan);
            for (int read; (read = stream.Read(buffer)) > 0; size += read)
                hash.AppendData(buffer, 0, read);
        }

        return new JsonObject { ["size"] = size, ["sha256"] = Convert.ToHexStringLower(hash.GetHashAndReset()) };
    }

    private static string Text(JsonNode? contents) =>
        contents is JsonObject o ? $"{o["size"]} bytes, SHA-256 {((string?)o["sha256"] ?? "")[..Math.Min(12, ((string?)o["sha256"] ?? "").Length)]}…" : "no file";
}
