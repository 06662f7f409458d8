using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using ParallelR1.IO;

namespace ParallelR1.Training;

/// <summary>
/// Hashes the code that determines the results of a run: sampling, grading, rewards, losses, kernels. Results of different code are not
/// combined in one table. The hash does not depend on comments and indentation, nor on code that prints, stores or plans.
/// </summary>
internal static class TrainingCode
{
    private static readonly string[] s_folders =
    [
        "native/kernels", "native/src", "src/ParallelR1.Torch",
        .. new[] { "Data/Synthetic", "Generation", "Grading", "Models", "Rewards", "Thinking", "Tokenization", "Training/Optimization", "Training/Policy", "Training/Schedules" }
            .Select(folder => $"src/ParallelR1/{folder}"),
    ];

    private static readonly string[] s_files =
    [
        "RandomKey.cs", "Evaluation/Evaluator.cs",
        .. new[] { "ExampleReader", "ExampleRow", "FreshTags", "MicroBatches", "PromptStream", "RlStage", "SftStage", "StageLoop", "SupervisedStep", "TraceScorer", "VocabularyHead" }
            .Select(file => $"Training/{file}.cs"),
    ];

    private static readonly Lazy<string?> s_hash = new(() => KnownFolders.Checkout is { } checkout ? HashOf(checkout) : null);

    /// <summary>Gets the hash; null if the program runs outside of a checkout, where only the commit is known.</summary>
    public static string? Hash => s_hash.Value;

    /// <summary>Gets the commit that the library was built from; null if it was built outside of a repository.</summary>
    public static string? Commit =>
        typeof(TrainingCode).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+') is [_, var commit] ? commit : null;

    /// <summary>Computes the hash of the sources of a checkout.</summary>
    internal static string HashOf(string checkout)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var files = s_folders.Select(folder => Path.Combine(checkout, folder)).Where(Directory.Exists)
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
            .Concat(s_files.Select(file => Path.Combine(checkout, "src", "ParallelR1", file)).Where(File.Exists))
            .Where(file => Path.GetExtension(file) is ".cs" or ".cpp" or ".h")
            .Select(file => (File: file, Name: Path.GetRelativePath(checkout, file).Replace('\\', '/')))
            .Where(file => !file.Name.Contains("/bin/", StringComparison.Ordinal) && !file.Name.Contains("/obj/", StringComparison.Ordinal))
            .OrderBy(file => file.Name, StringComparer.Ordinal);
        foreach (var (file, name) in files)
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{name}\n"));
            foreach (var line in File.ReadLines(file).Select(line => line.Trim()).Where(line => line.Length > 0 && !line.StartsWith("//", StringComparison.Ordinal)))
                hash.AppendData(Encoding.UTF8.GetBytes($"{line}\n"));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
    }
}
