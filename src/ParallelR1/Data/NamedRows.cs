using System.Text.Json.Nodes;

namespace ParallelR1.Data;

/// <summary>The rows of a file or of a known set, of problems or of examples, by the same argument.</summary>
public static class NamedRows
{
    /// <summary>The rows, one by one: those of a file as they are, those of a set of problems as records (<see cref="Problem.ToJson"/>), examples as <see cref="ExampleSets"/> gives them.</summary>
    /// <param name="nameOrFile">A file or pipe that exists, <c>-</c> for standard input, or a name of <c>data list</c>.</param>
    /// <exception cref="UsageException">Neither; or the set is not on this machine: the message says how to get it.</exception>
    /// <exception cref="InputException">While reading: a row is damaged; names file and line or row.</exception>
    public static IEnumerable<JsonObject> Read(string nameOrFile)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(nameOrFile);
        if (nameOrFile == "-" || File.Exists(nameOrFile) || Directory.Exists(nameOrFile))
            return RowFile.Read(nameOrFile);
        if (KnownSets.Find(nameOrFile) is { } problems)
            return ProblemSet.Load(problems.Name).Select(p => p.ToJson());
        if (ExampleSets.Find(nameOrFile) is { } examples)
            return ExampleSets.Rows(examples.Name);
        var names = KnownSets.All.Concat(ExampleSets.All).Select(s => s.Name).ToList();
        throw new UsageException($"'{nameOrFile}' is neither a file nor a known set{NearestName.Suggest(nameOrFile, names.Concat(KnownSets.Names))} Known are {string.Join(", ", names)}");
    }

    /// <summary>The known set of a name, of problems or of examples; null where the name is that of a file, or unknown.</summary>
    public static KnownSet? FindSet(string nameOrFile) =>
        File.Exists(nameOrFile) ? null : KnownSets.Find(nameOrFile) ?? ExampleSets.Find(nameOrFile);
}
