using ParallelR1.Evaluation;
using ParallelR1.IO;
using ParallelR1.Runs.Reports;
using ParallelR1.Training;
using ParallelR1.Training.Recipes;

namespace ParallelR1.Reproduction;

/// <summary>Makes the rows of a table, or takes finished ones from elsewhere, and writes the table: <c>summary.json</c>, <c>results.md</c>, <c>report.html</c>.</summary>
/// <param name="output">Output folder; an interrupted run in it is resumed.</param>
/// <param name="options">Options, including which rows to run.</param>
/// <param name="observer">Observes the run.</param>
public sealed class ReproductionRun(string output, ReproductionOptions options, IRunObserver observer)
{
    private readonly Lazy<Curriculum> _curriculum = new(() => new Curriculum(output, options.Plan(), observer));

    /// <summary>Runs the missing stages, then writes the table.</summary>
    /// <exception cref="UsageException">A row or recipe is invalid, or the folder holds something else.</exception>
    /// <exception cref="OperationCanceledException">Interrupted, after saving the state to resume from; the table contains the finished rows.</exception>
    public async Task<Summary> RunAsync(CancellationToken cancellation = default)
    {
        try
        {
            await _curriculum.Value.RunAsync(cancellation).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (Directory.Exists(Rows) && Directory.EnumerateFiles(Rows, "*.json").Any())
        {
            Write([output], []);
            throw;
        }

        return Write([output], _curriculum.Value.Runs);
    }

    /// <summary>Gets the type that all rows are computed in, and whether all rows are finished.</summary>
    /// <exception cref="UsageException">A row or recipe is invalid, or the folder holds something else.</exception>
    public (DtypeChoice Dtype, bool IsFinished) Check() => _curriculum.Value.Check();

    /// <summary>Runs the missing stages that no other process is running, without writing the table.</summary>
    public Task WorkAsync(CancellationToken cancellation = default) => _curriculum.Value.WorkAsync(cancellation);

    /// <summary>Writes the table from rows that were finished elsewhere.</summary>
    /// <param name="folders">Outputs of <c>reproduce</c>, folders with its files of rows, and outputs of <c>compare</c>, which give the curve and findings of their own.</param>
    /// <exception cref="UsageException">The rows do not belong in the same table.</exception>
    public Summary Merge(IReadOnlyList<string> folders) => Write(folders, []);

    private string Rows => Path.Combine(output, "rows");

    private Summary Write(IReadOnlyList<string> folders, IReadOnlyList<string> runs)
    {
        var rows = RowSet.Read(folders, options.Scale);
        Directory.CreateDirectory(output);
        var compared = folders.Select(folder => Path.Combine(folder, RowSet.ComparisonFile)).Where(File.Exists).Select(SummaryJson.ReadSummary).ToList();
        var summary = ReproductionSummary.Of(options.Scale, rows, compared);
        var file = Path.Combine(output, "summary.json");
        SummaryJson.Write(file, summary);
        AtomicFile.WriteText(Path.Combine(output, "results.md"), ResultsMarkdown.Create(options.Scale, summary, rows, ReproductionRows.Resolve(options.Scale, options.Rows)));
        ReportPage.Write(Path.Combine(output, "report.html"), [file, .. runs]);
        return summary;
    }
}
