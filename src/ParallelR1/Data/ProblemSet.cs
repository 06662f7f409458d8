using ParallelR1.Data.Synthetic;
using ParallelR1.IO;

namespace ParallelR1.Data;

/// <summary>Loads problem sets by name or file as a stream of <see cref="Problem"/> records.</summary>
public static class ProblemSet
{
    /// <summary>
    /// Loads the problems of a known set (<see cref="KnownSets"/>) or of a JSONL or Parquet file.
    /// Gold answers that were cut are repaired from the solution's box; known sets with faults are cleaned.
    /// </summary>
    /// <param name="nameOrFile">An existing file, or a name such as <c>gsm8k</c>, <c>aime24</c>, <c>evaluation-mix</c>.</param>
    /// <param name="map">For files: maps fields to columns with other names; dotted paths reach into structs and lists.</param>
    /// <exception cref="UsageException">There is no such file or set, or the set is not on this machine; the message says how to get it.</exception>
    /// <exception cref="InputException">While enumerating: a row is damaged or lacks a field; the message names file and line or row.</exception>
    public static IEnumerable<Problem> Load(string nameOrFile, IReadOnlyDictionary<string, string>? map = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(nameOrFile);
        var problems = LoadRaw(nameOrFile, map).Select(AnswerRepair.Apply);
        return !File.Exists(nameOrFile) && KnownSets.Find(nameOrFile) is { NeedsCleaning: true } ? new ProblemCleaner().Clean(problems) : problems;
    }

    /// <summary>Loads the problems of a name or file unchanged: nothing is repaired or left out.</summary>
    /// <inheritdoc cref="Load"/>
    public static IEnumerable<Problem> LoadRaw(string nameOrFile, IReadOnlyDictionary<string, string>? map = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(nameOrFile);
        return LoadPlaced(nameOrFile, map).Select(p => p.Problem);
    }

    /// <summary>Loads as <see cref="LoadRaw"/> does, with the place of each problem.</summary>
    /// <param name="nameOrFile">As for <see cref="Load"/>.</param>
    /// <param name="map">As for <see cref="Load"/>.</param>
    /// <param name="bad">Called for each row that is damaged or lacks a field, which is then skipped; null to throw instead.</param>
    internal static IEnumerable<PlacedProblem> LoadPlaced(string nameOrFile, IReadOnlyDictionary<string, string>? map, Action<InputException>? bad = null)
    {
        if (File.Exists(nameOrFile))
            return FromFile(nameOrFile, new RowMapper(map), bad: bad);
        if (KnownSets.Find(nameOrFile) is not { } set)
            throw Unknown(nameOrFile);
        return map is { Count: > 0 } ? throw new UsageException($"--map is for files; the columns of the set '{set.Name}' are known") : FromSet(set, bad);
    }

    /// <summary>Gets the files of a known set on this machine; empty if there are none.</summary>
    public static IReadOnlyList<string> LocalFiles(KnownSet set)
    {
        ArgumentNullException.ThrowIfNull(set);
        foreach (var folder in KnownFolders.Data)
        {
            foreach (var name in set.Files)
            {
                if (File.Exists(Path.Combine(folder, name)))
                    return [Path.Combine(folder, name)];
            }

            if (set.HubRepository is not null && PulledFiles(set, Path.Combine(folder, PulledFolder(set.HubRepository))) is { Count: > 0 } pulled)
                return pulled;
        }

        return [];
    }

    /// <summary>Gets the folder, relative to a data folder, into which <c>data pull</c> downloads a data set of the hub.</summary>
    internal static string PulledFolder(string repository) => Path.Combine("hub", repository.Replace("/", "--", StringComparison.Ordinal));

    /// <summary>Returns whether a file of a hub repository belongs to a set: a table whose name begins with <see cref="KnownSet.HubFiles"/>, in any folder.</summary>
    internal static bool BelongsTo(KnownSet set, string path)
    {
        if (!path.EndsWith(".parquet", StringComparison.Ordinal) && !path.EndsWith(".jsonl", StringComparison.Ordinal))
            return false;
        var slash = set.HubFiles.LastIndexOf('/');
        var name = path[(path.LastIndexOf('/') + 1)..];
        return path.StartsWith(set.HubFiles[..(slash + 1)], StringComparison.Ordinal)
            && name.StartsWith(set.HubFiles[(slash + 1)..], StringComparison.Ordinal);
    }

    private static List<string> PulledFiles(KnownSet set, string folder)
    {
        if (!Directory.Exists(folder))
            return [];
        return [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Where(f => BelongsTo(set, Path.GetRelativePath(folder, f).Replace(Path.DirectorySeparatorChar, '/')))
            .Order(StringComparer.Ordinal)];
    }

    private static IEnumerable<PlacedProblem> FromSet(KnownSet set, Action<InputException>? bad)
    {
        if (set.Parts.Count > 0)
            return set.Parts.SelectMany(p => FromSet(KnownSets.Find(p)!, bad));
        if (set.IsSynthetic)
            return Made(set);
        var files = LocalFiles(set);
        if (files.Count == 0)
            throw new UsageException($"the problem set '{set.Name}' is not on this machine; get it with: parallel-r1 data pull {set.Name} (or set PARALLELR1_DATA to a folder that has it)");
        return FromFiles(set, files, bad);
    }

    private static IEnumerable<PlacedProblem> Made(KnownSet set)
    {
        var mapper = new RowMapper(null, set.Source, set.Split);
        return SyntheticFolder.Problems(set.Name, set.Problems, new SyntheticFolderOptions().Seed)
            .Select((row, i) => new PlacedProblem(mapper.Map(row, set.Name, i), $"{set.Name}: row {i}"));
    }

    private static IEnumerable<PlacedProblem> FromFiles(KnownSet set, IReadOnlyList<string> files, Action<InputException>? bad)
    {
        var mapper = new RowMapper(null, set.Source, set.Split);
        var pulled = !set.Files.Any(f => files[0].EndsWith(f, StringComparison.Ordinal));
        var seen = new HashSet<string>(StringComparer.Ordinal);
        long number = 0;
        foreach (var (problem, place) in files.SelectMany(f => FromFile(f, mapper, pulled ? set.HubDataSource : null, bad)))
        {
            // The published mix has sixteen rows per problem.
            if (set.HubDataSource is not null && !seen.Add(problem.Text))
                continue;
            var id = set.HubDataSource is not null && pulled || files.Count > 1 ? $"{set.Name}-{number}" : problem.Id;
            number++;
            yield return new PlacedProblem(problem with { Id = id }, place);
        }
    }

    private static IEnumerable<PlacedProblem> FromFile(string file, RowMapper mapper, string? dataSource = null, Action<InputException>? bad = null)
    {
        var name = Path.GetFileNameWithoutExtension(file);
        long number = 0;
        foreach (var (place, row) in RowFile.Rows(file, bad))
        {
            if ((dataSource is null || RowPath.Text(row["data_source"]) == dataSource) && Map(row, place) is { } problem)
                yield return new PlacedProblem(problem, place);
            number++;
        }

        Problem? Map(System.Text.Json.Nodes.JsonObject row, string place)
        {
            try
            {
                return mapper.Map(row, name, number);
            }
            catch (InputException e)
            {
                var named = new InputException($"{place}: {e.Message}", e);
                if (bad is null)
                    throw named;
                bad(named);
                return null;
            }
        }
    }

    private static UsageException Unknown(string name) => ExampleSets.Find(name) is not null
        ? new($"'{name}' holds examples for SFT, and a set of problems is needed; known are {string.Join(", ", KnownSets.All.Select(s => s.Name))}")
        : new($"'{name}' is neither a file nor a known problem set{NearestName.Suggest(name, KnownSets.Names)} Known are {string.Join(", ", KnownSets.All.Select(s => s.Name))}");
}

/// <summary>A problem and its place in error messages: <c>file:line</c>, or <c>file: row N</c> of a Parquet file.</summary>
internal readonly record struct PlacedProblem(Problem Problem, string Place);
