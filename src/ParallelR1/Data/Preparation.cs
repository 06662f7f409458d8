using ParallelR1.Data.Parquet;
using ParallelR1.IO;

namespace ParallelR1.Data;

/// <summary>Turns a set or a file into clean records, and says what it found.</summary>
public static class Preparation
{
    /// <summary>Prepares and writes; the file appears whole or not at all.</summary>
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
        var raw = Stoppable(ProblemSet.LoadRaw(nameOrFile, options.Map), cancellation);
        var exact = new DuplicateCensus(ignoreWhiteSpace: false);
        var loose = new DuplicateCensus(ignoreWhiteSpace: true);
        int read = 0, repaired = 0;
        foreach (var problem in raw)
        {
            read++;
            var whole = AnswerRepair.Apply(problem);
            repaired += ReferenceEquals(whole, problem) ? 0 : 1;
            exact.Add(whole);
            loose.Add(whole);
        }

        var overlap = options.Against is null ? null : new TextOverlap(Stoppable(LoadAgainst(options), cancellation), raw, options.IgnorePhrasesFrom);
        var rejections = new List<Rejection>();
        var kept = 0;
        using var file = AtomicFile.Open(output);
        Write(file.Stream, output, Keep());
        file.Commit();
        return new PreparationReport
        {
            Read = read,
            RepairedAnswers = repaired,
            RepeatedProblems = exact.Repeated,
            RepeatedRows = exact.RepeatedRows,
            ConflictingProblems = exact.Conflicting,
            RepeatedUpToWhiteSpace = loose.Repeated,
            Rejections = rejections,
            Kept = kept,
        };

        IEnumerable<Problem> Keep()
        {
            foreach (var problem in new ProblemCleaner(options.Cleaning).Clean(raw.Select(AnswerRepair.Apply), rejections.Add))
            {
                if (overlap?.Find(problem.Text) is var (other, shared))
                {
                    rejections.Add(new Rejection(problem.Id, RejectReason.Contaminated, $"shares with {other}: {shared}"));
                    continue;
                }

                kept++;
                yield return problem;
            }
        }
    }

    // A mapping is for the file with the odd columns; the other set is most often known or in our own records.
    private static IEnumerable<Problem> LoadAgainst(PreparationOptions options) => ProblemSet.LoadRaw(options.Against!);

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

    private static IEnumerable<Problem> Stoppable(IEnumerable<Problem> problems, CancellationToken cancellation) =>
        problems.Select(p =>
        {
            cancellation.ThrowIfCancellationRequested();
            return p;
        });
}
