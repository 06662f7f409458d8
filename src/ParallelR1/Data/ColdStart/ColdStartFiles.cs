using System.Text.Json.Nodes;
using ParallelR1.IO;

namespace ParallelR1.Data.ColdStart;

/// <summary>Converts a journal to examples, rejected answers and a report. The same journal and filters give the same files.</summary>
internal sealed class ColdStartFiles(ColdStartOptions options, JsonObject settings, ExampleJudge judge)
{
    public ColdStartReport Write(string folder, IReadOnlyList<Problem> problems, ColdStartJournal journal, CancellationToken cancellation)
    {
        var tally = new ColdStartTally(options, settings);
        using var examples = AtomicFile.Open(Path.Combine(folder, ColdStartRun.ExamplesFile));
        using var rejected = AtomicFile.Open(Path.Combine(folder, ColdStartRun.RejectedFile));
        foreach (var problem in problems)
        {
            cancellation.ThrowIfCancellationRequested();
            var verdicts = new List<(ExampleVerdict? Verdict, ExampleFault? Missing, TeacherReply? Reply)>();
            var kept = new HashSet<string>(StringComparer.Ordinal);
            for (var sample = 0; sample < options.Samples; sample++)
            {
                var entry = journal.Find(problem.Id, sample);
                var verdict = entry?.Reply is { } reply ? Unique(judge.Judge(problem, reply.Text, reply.FinishReason), kept) : null;
                ExampleFault? missing = verdict is not null ? null : entry?.Kind == JournalEntry.RefusedKind ? ExampleFault.Refused : ExampleFault.Failed;
                verdicts.Add((verdict, missing, entry?.Reply));
                JsonLines.Write(
                    verdict?.IsKept == true ? examples.Stream : rejected.Stream,
                    ExampleRecord.Of(problem, sample, verdict, missing, entry, settings));
            }

            tally.Add(problem, verdicts);
        }

        var report = tally.Report();
        // An empty set is useless, and would overwrite an existing one.
        if (report.Total.Kept > 0)
            examples.Commit();
        rejected.Commit();
        AtomicFile.WriteText(
            Path.Combine(folder, ColdStartRun.ReportFile),
            report.ToJson().ToJsonString(new System.Text.Json.JsonSerializerOptions(JsonLines.Options) { WriteIndented = true }) + "\n");
        return report;
    }

    private static ExampleVerdict Unique(ExampleVerdict verdict, HashSet<string> kept) =>
        !verdict.IsKept || kept.Add(verdict.Response) ? verdict : verdict with { Faults = [ExampleFault.Duplicate], SelfBleu = null };
}
