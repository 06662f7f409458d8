using ParallelR1.Data.Parquet;
using ParallelR1.IO;

namespace ParallelR1.Data;

/// <summary>Turns a set or a file into clean records, and says what it found.</summary>
public static class Preparation
{
    /// <summary>Prepares and writes; the file appears whole or not at all, and not where nothing is kept.</summary>
    /// <param name="nameOrFile">As for <see cref="ProblemSet.Load"/>.</param>
    /// <param name="output">The file to write: JSONL, or Parquet as verl reads it where the name ends in <c>.parquet</c>.</param>
    /// <param name="options">What to check.</param>
    /// <param name="cancellation">Stops the work; nothing is written then.</param>
    /// <exception cref="UsageException">No such set or file.</exception>
    /// <exception cref="InputException">A row is damaged.</exception>
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
        // An empty set is of no use, and would take the place of one that is there.
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
            // The cleaner hands problems on one by one: the last one read is the one at hand.
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

/// <summary>What <see cref="Preparation"/> reads, checks and compares with.</summary>
public sealed record PreparationOptions
{
    /// <summary>Field to column, for files with columns of their own.</summary>
    public IReadOnlyDictionary<string, string>? Map { get; init; }

    /// <summary>A name or file that the result must share no text with; null: not compared.</summary>
    public string? Against { get; init; }

    /// <summary>Field to column of <see cref="Against"/>, where that is a file with columns of its own.</summary>
    public IReadOnlyDictionary<string, string>? AgainstMap { get; init; }

    /// <summary>Thirteen words that so many problems of the set share are a phrase and no overlap; null: every overlap counts.</summary>
    [Bounds(1, int.MaxValue)]
    public int? IgnorePhrasesFrom { get; init => field = Options.Checked(this, value); }

    /// <summary>Skip rows that are damaged, lack a field or repeat an id, and count them, instead of stopping at the first.</summary>
    public bool SkipBad { get; init; }

    /// <summary>What is left out besides.</summary>
    public CleaningOptions Cleaning { get; init; } = new();
}
