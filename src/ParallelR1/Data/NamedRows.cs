using System.Text.Json.Nodes;

namespace ParallelR1.Data;

/// <summary>Reads the rows of a file or of a known set of problems or examples.</summary>
public static class NamedRows
{
    /// <summary>Reads rows one by one: those of a file unchanged, problems as records (<see cref="Problem.ToJson"/>), examples as <see cref="ExampleSets.Rows"/> returns them.</summary>
    /// <param name="nameOrFile">An existing file or pipe, <c>-</c> for standard input, or a name of <c>data list</c>.</param>
    /// <exception cref="UsageException">There is no such file or set, or the set is not on this machine; the message says how to get it.</exception>
    /// <exception cref="InputException">While enumerating: a row is damaged; the message names file and line or row.</exception>
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

    /// <summary>Gets the known set of a name; null if the name is that of an existing file, or unknown.</summary>
    public static KnownSet? FindSet(string nameOrFile) =>
        File.Exists(nameOrFile) ? null : KnownSets.Find(nameOrFile) ?? ExampleSets.Find(nameOrFile);
}
