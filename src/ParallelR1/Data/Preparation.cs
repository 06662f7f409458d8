using ParallelR1.Data.Parquet;
using ParallelR1.IO;

namespace ParallelR1.Data;

/// <summary>Converts a set or a file to clean records, and reports what it found.</summary>
public static class Preparation
{
    /// <summary>Prepares a set and writes it atomically; no file is written if no problem is kept.</summary>
    /// <param name="nameOrFile">A name or file, see <see cref="ProblemSet.Load"/>; not a pipe.</param>
    /// <param name="output">The file to write: Parquet in the schema of verl if the name ends in <c>.parquet</c>, otherwise JSONL.</param>
    /// <param name="options">Checks and mappings.</param>
    /// <param name="cancellation">Stops the work; nothing is written then.</param>
    /// <exception cref="UsageException">There is no such set or file, it is a pipe, or input and output are the same file.</exception>
    /// <exception cref="InputException">A row is damaged or an id is repeated, and <see cref="PreparationOptions.SkipBad"/> is off.</exception>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    public static PreparationReport Run(string nameOrFile, string output, PreparationOptions options, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (File.Exists(nameOrFile) && File.Exists(output) && Path.GetFullPath(nameOrFile) == Path.GetFullPath(output))
            throw new UsageException($"{output} is the input itself; write to another file");
        if (File.Exists(nameOrFile) && !RowFile.IsRepeatable(nameOrFile))
            throw new UsageException($"{nameOrFile} is a pipe, and a set is read more than once to be prepared; write it to a file first");
        var badRows = new List<string>();
        var exact = new DuplicateCensus(ignoreWhiteSpace: false);
        var loose = new DuplicateCensus(ignoreWhiteSpace: true);
        int read = 0, repaired = 0;
        foreach (var (problem, _) in Source(e => badRows.Add(e.Message)))
        {
            read++;
            var whole = AnswerRepair.Apply(problem);
            repaired += ReferenceEquals(whole, problem) ? 0 : 1;
            exact.Add(whole);
            loose.Add(whole);
        }

        // Bad rows were counted by the first pass.
        var rows = read + badRows.Count;
        var again = Source(_ => { });
        var overlap = options.Against is null
            ? null
            : new TextOverlap(Stoppable(LoadAgainst(options), cancellation), again.Select(p => p.Problem), options.IgnorePhrasesFrom);
        var rejections = new List<Rejection>();
        var ids = new Dictionary<string, string>(StringComparer.Ordinal);
        var place = "";
        var kept = 0;
        using var file = AtomicFile.Open(output);
        Write(file.Stream, output, Keep());
        // An empty set is useless, and would overwrite an existing one.
        if (kept > 0)
            file.Commit();
        return new PreparationReport
        {
            Rows = rows,
            Read = read,
            BadRows = badRows,
            RepairedAnswers = repaired,
            RepeatedProblems = exact.Repeated,
            RepeatedRows = exact.RepeatedRows,
            ConflictingProblems = exact.Conflicting,
            RepeatedUpToWhiteSpace = loose.Repeated,
            Rejections = rejections,
            Kept = kept,
        };

        IEnumerable<PlacedProblem> Source(Action<InputException> bad) =>
            Stoppable(ProblemSet.LoadPlaced(nameOrFile, options.Map, options.SkipBad ? bad : null), cancellation);

        IEnumerable<Problem> Keep()
        {
            // The cleaner yields problems one by one: the last one read is the current one.
            var source = again.Select(p =>
            {
                place = p.Place;
                return AnswerRepair.Apply(p.Problem);
            });
            foreach (var problem in new ProblemCleaner(options.Cleaning).Clean(source, rejections.Add))
            {
                if (overlap?.Find(problem.Text) is var (other, shared))
                {
                    rejections.Add(new Rejection(problem.Id, RejectReason.Contaminated, $"shares with {other}: {shared}"));
                    continue;
                }

                if (!ids.TryAdd(problem.Id, place))
                {
                    var repeated = $"{place}: the id '{problem.Id}' is that of {ids[problem.Id]} too, and ids are unique in a prepared set; give each row its own, or name another column with --map id=COLUMN";
                    if (!options.SkipBad)
                        throw new InputException(repeated);
                    badRows.Add(repeated);
                    continue;
                }

                kept++;
                yield return problem;
            }
        }
    }

    private static IEnumerable<Problem> LoadAgainst(PreparationOptions options) => ProblemSet.LoadRaw(options.Against!, options.AgainstMap);

    private static void Write(Stream stream, string name, IEnumerable<Problem> problems)
    {
        if (name.EndsWith(".parquet", StringComparison.OrdinalIgnoreCase))
        {
            VerlParquetWriter.Write(stream, problems);
            return;
        }

        foreach (var problem in problems)
            JsonLines.Write(stream, problem.ToJson());
    }

    private static IEnumerable<T> Stoppable<T>(IEnumerable<T> problems, CancellationToken cancellation) =>
        problems.Select(p =>
        {
            cancellation.ThrowIfCancellationRequested();
            return p;
        });
}

/// <summary>Options of <see cref="Preparation"/>.</summary>
public sealed record PreparationOptions
{
    /// <summary>Maps fields to columns, for files whose columns have other names.</summary>
    public IReadOnlyDictionary<string, string>? Map { get; init; }

    /// <summary>Name or file of the set that the result must not overlap with; null for no comparison.</summary>
    public string? Against { get; init; }

    /// <summary>Maps fields to columns of the file <see cref="Against"/>.</summary>
    public IReadOnlyDictionary<string, string>? AgainstMap { get; init; }

    /// <summary>Number of problems from which on thirteen words that they share count as a phrase instead of an overlap; null to count every overlap.</summary>
    [Bounds(1, int.MaxValue)]
    public int? IgnorePhrasesFrom { get; init => field = Options.Checked(this, value); }

    /// <summary>Whether rows that are damaged, lack a field or repeat an id are skipped and counted, instead of stopping at the first one; off by default.</summary>
    public bool SkipBad { get; init; }

    /// <summary>Which problems the cleaner leaves out.</summary>
    public CleaningOptions Cleaning { get; init; } = new();
}
