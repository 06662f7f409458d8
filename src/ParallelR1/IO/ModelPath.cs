using System.Text.RegularExpressions;

namespace ParallelR1.IO;

/// <summary>Says what to do where something else than a model folder was named.</summary>
internal static partial class ModelPath
{
    /// <param name="path">The folder.</param>
    /// <param name="tokenizer">A folder with nothing but a tokenizer will do.</param>
    /// <exception cref="UsageException">There is no such folder: the message names the command that makes one of what is there, or the nearest one.</exception>
    public static void Require(string path, bool tokenizer = false)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (!Directory.Exists(path))
            throw new UsageException(File.Exists(path) ? OfFile(path) : Missing(path, tokenizer ? IsModel : HasWeights));
        if (!IsModel(path) && Directory.EnumerateFiles(path, "*.gguf").Order(StringComparer.Ordinal).FirstOrDefault() is { } gguf)
            throw new UsageException($"{path}: holds no config.json. {Convert(gguf)}");
    }

    private static string OfFile(string path)
    {
        if (IsGguf(path))
            return $"{path}: is a GGUF file, expected a model folder. {Convert(path)}";
        var folder = Path.GetDirectoryName(path) is { Length: > 0 } parent ? parent : ".";
        return $"{path}: is a file, expected a model folder{(IsModel(folder) ? $"; give the folder that holds it: {folder}" : "")}";
    }

    private static string Missing(string path, Func<string, bool> wanted)
    {
        var name = Path.GetFileName(Path.TrimEndingDirectorySeparator(path));
        if (path.EndsWith(".gguf", StringComparison.OrdinalIgnoreCase))
            return $"{path}: no such file; and of a GGUF file a model folder must be made first, with: parallel-r1 model convert FILE.gguf --out DIR";
        var known = Known(path, wanted).ToList();
        if (known.FirstOrDefault(k => Path.GetFileName(k) == name) is { } same)
            return $"{path}: no such model folder; did you mean '{same}'?";
        if (HubName().IsMatch(path) && !Directory.Exists(path.Split('/')[0]))
            return $"{path}: no such model folder. If it is the name of a model on the hub, download it first: parallel-r1 model pull {path} --out {name}, and then give --model {name}";
        return NearestName.Find(name, known.Select(k => Path.GetFileName(k))) is { } nearest
            ? $"{path}: no such model folder; did you mean '{known.First(k => Path.GetFileName(k) == nearest)}'?"
            : $"{path}: no such model folder{(known.Count == 0 ? "" : $"; there are {string.Join(", ", known.Take(5))}")}";
    }

    private static string Convert(string gguf) =>
        $"Make a model folder of it: parallel-r1 model convert {gguf} --out {Path.GetFileNameWithoutExtension(gguf)}";

    /// <summary>Model folders beside the one that was named, in the models folders, and the bundled ones.</summary>
    private static IEnumerable<string> Known(string path, Func<string, bool> wanted)
    {
        var beside = Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)));
        var bundled = KnownFolders.Checkout is { } checkout ? Path.Combine(checkout, "assets") : null;
        return new[] { beside, bundled }.Concat(KnownFolders.Models)
            .Where(Directory.Exists)
            .SelectMany(folder => Folders(folder!, wanted))
            .Distinct()
            .Select(Shown);
    }

    private static IEnumerable<string> Folders(string folder, Func<string, bool> wanted)
    {
        try
        {
            return [.. Directory.EnumerateDirectories(folder).Where(wanted).Order(StringComparer.Ordinal)];
        }
        catch (UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static string Shown(string folder) =>
        Path.GetRelativePath(Environment.CurrentDirectory, folder) is var relative && !relative.StartsWith("..", StringComparison.Ordinal) ? relative : folder;

    private static bool HasWeights(string folder) => File.Exists(Path.Combine(folder, "config.json"));

    private static bool IsModel(string folder) => HasWeights(folder) || File.Exists(Path.Combine(folder, "tokenizer.json"));

    private static bool IsGguf(string path)
    {
        if (path.EndsWith(".gguf", StringComparison.OrdinalIgnoreCase))
            return true;
        Span<byte> start = stackalloc byte[4];
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 1);
        return stream.CanSeek && stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) == start.Length && start.SequenceEqual("GGUF"u8);
    }

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9_.-]*/[A-Za-z0-9_.-]+\z")]
    private static partial Regex HubName();
}
