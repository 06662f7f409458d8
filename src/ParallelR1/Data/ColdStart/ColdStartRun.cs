using System.Globalization;
using System.Text.Json.Nodes;
using ParallelR1.Thinking;

namespace ParallelR1.Data.ColdStart;

/// <summary>
/// Makes cold-start examples: asks a teacher, writes every answer to a journal, filters, and reports. An interrupted or killed run can be
/// resumed; no answer is requested twice.
/// </summary>
public sealed class ColdStartRun
{
    /// <summary>Name of the file of all answers, one JSON line each, as they arrived.</summary>
    public const string JournalFile = "journal.jsonl";

    /// <summary>Name of the file of examples to train on.</summary>
    public const string ExamplesFile = "examples.jsonl";

    /// <summary>Name of the file of rejected answers, with reasons.</summary>
    public const string RejectedFile = "rejected.jsonl";

    /// <summary>Name of the file of the report.</summary>
    public const string ReportFile = "report.json";

    // Number of refusals without a single answer after which single problems cannot be the cause.
    private const int MostRefusalsAtFirst = 8;

    private readonly ColdStartOptions _options;
    private readonly ProblemTemplate _template;
    private readonly ExampleJudge _judge;
    private readonly TeacherClient _teacher;
    private readonly TimeProvider _time;
    private readonly IRunObserver _observer;
    private readonly JsonObject _settings;

    /// <summary>Creates a run; nothing is requested or written yet.</summary>
    /// <param name="options">The options.</param>
    /// <param name="http">Sends the requests. Its own timeout should be infinite, and it should not follow redirects.</param>
    /// <param name="time">The clock of all delays and time limits; null for the system's.</param>
    /// <param name="observer">Receives progress and retries.</param>
    /// <exception cref="UsageException">An option is out of range.</exception>
    public ColdStartRun(ColdStartOptions options, HttpClient http, TimeProvider? time = null, IRunObserver? observer = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        (_options, _template) = (options, options.Check());
        _time = time ?? TimeProvider.System;
        _observer = observer ?? QuietObserver.Instance;
        _judge = new ExampleJudge(options.Filter);
        _teacher = new TeacherClient(http, options.Teacher, _time);
        _settings = new JsonObject
        {
            ["model"] = options.Teacher.Model,
            ["sampling"] = options.Teacher.Sampling(),
            ["template_sha256"] = TeacherPrompt.Hash(options.PromptTemplate),
        };
    }

    /// <summary>Requests the missing answers, then writes examples, rejected answers and report; no file of examples if none was kept.</summary>
    /// <param name="problems">The problems; their ids must differ.</param>
    /// <param name="folder">The folder of the run; created if it does not exist.</param>
    /// <param name="resume">Whether to resume the run in the folder; otherwise the folder must not contain a journal.</param>
    /// <param name="stop">Stops sending requests; pending ones may complete within <see cref="ColdStartOptions.Grace"/>. All answers stay in the journal.</param>
    /// <exception cref="TeacherException">The teacher does not answer any request; earlier answers are in the journal.</exception>
    /// <exception cref="UsageException">The folder contains another run.</exception>
    /// <exception cref="InputException">The journal is damaged, there are no problems, two of them have the same id, or one has messages before it.</exception>
    public async Task<ColdStartReport> RunAsync(IEnumerable<Problem> problems, string folder, bool resume, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(problems);
        var journalPath = Path.Combine(folder, JournalFile);
        if (!resume && File.Exists(journalPath))
            throw new UsageException($"{folder} holds a cold-start already; resume it with --resume, or name another folder");
        var all = Checked(problems);
        Directory.CreateDirectory(folder);
        using var journal = ColdStartJournal.Open(journalPath, _settings);
        if (journal.Repaired > 0)
            _observer.Say($"{journalPath}: the last line was incomplete, {journal.Repaired:N0} bytes removed; its answer is requested again");
        var open = Open(all, journal);
        var total = (long)all.Count * _options.Samples;
        if (resume)
            _observer.Say(open.Count == 0 ? "nothing left to ask; filtering the answers again" : $"{total - open.Count:N0} of {total:N0} answers exist");
        if (open.Count > 0)
            _observer.Say($"asking {_options.Teacher.Model} at {_teacher.Host} for {open.Count:N0} answers, {_options.Concurrency} at a time");
        await AskAsync(open, journal, total, stop).ConfigureAwait(false);
        var report = new ColdStartFiles(_options, _settings, _judge).Write(folder, all, journal, stop);
        if (report.Total.Answers == 0)
            throw new TeacherException(TeacherFailure.Fatal, $"no request was answered; the first one: {journal.Find(all[0].Id, 0)?.Message}");
        if (report.Faults.TryGetValue(ExampleFault.Failed, out var failed))
            _observer.Say($"{failed.Any:N0} samples failed in all retries; --resume asks for them again");
        return report;
    }

    private static List<Problem> Checked(IEnumerable<Problem> problems)
    {
        var all = problems.ToList();
        var ids = new HashSet<string>(StringComparer.Ordinal);
        if (all.Find(p => !ids.Add(p.Id)) is { } twice)
            throw new InputException($"two problems have the id '{twice.Id}'; give each its own (data prepare makes clean records)");
        if (all.Find(p => p.Earlier.Count > 0) is { } chat)
            throw new InputException($"problem '{chat.Id}' has {chat.Earlier.Count} messages before it (system, earlier turns), and a teacher is asked one text; write what belongs to the problem into it, and leave the messages out");
        return all.Count > 0 ? all : throw new InputException("there are no problems to ask about");
    }

    private List<(Problem Problem, int Sample)> Open(List<Problem> problems, ColdStartJournal journal)
    {
        var open = new List<(Problem, int)>();
        foreach (var problem in problems)
        {
            var hash = TeacherPrompt.Hash(_template.Format(problem.Text));
            for (var sample = 0; sample < _options.Samples; sample++)
            {
                if (!journal.IsSettled(problem.Id, sample, hash))
                    open.Add((problem, sample));
            }
        }

        return open;
    }

    private async Task AskAsync(List<(Problem Problem, int Sample)> open, ColdStartJournal journal, long total, CancellationToken stop)
    {
        if (open.Count == 0)
            return;
        using var halt = CancellationTokenSource.CreateLinkedTokenSource(stop);
        using var abort = new CancellationTokenSource(Timeout.InfiniteTimeSpan, _time);
        await using var grace = halt.Token.Register(() => abort.CancelAfter(_options.Grace)).ConfigureAwait(false);
        var progress = new AskProgress(_options, total, total - open.Count);
        var next = -1;
        Exception? end = null;
        await Task.WhenAll(Enumerable.Range(0, Math.Min(_options.Concurrency, open.Count)).Select(_ => WorkAsync())).ConfigureAwait(false);
        if (end is not null)
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(end);
        stop.ThrowIfCancellationRequested();

        async Task WorkAsync()
        {
            try
            {
                while (!halt.IsCancellationRequested && Interlocked.Increment(ref next) is var i && i < open.Count)
                {
                    var entry = await AskOneAsync(open[i].Problem, open[i].Sample, halt.Token, abort.Token).ConfigureAwait(false);
                    journal.Append(entry);
                    Note(open[i].Problem, entry, progress);
                }
            }
            catch (OperationCanceledException) when (halt.IsCancellationRequested)
            {
            }
            catch (Exception e)
            {
                Interlocked.CompareExchange(ref end, e, null);
                await halt.CancelAsync().ConfigureAwait(false);
            }
        }
    }

    private async Task<JournalEntry> AskOneAsync(Problem problem, int sample, CancellationToken stop, CancellationToken abort)
    {
        var prompt = _template.Format(problem.Text);
        var key = RandomKey.FromSeed(_options.Teacher.Seed).Fold("cold-start").Fold(problem.Id).Fold(sample);
        var begun = _time.GetTimestamp();
        TeacherReply? reply = null;
        TeacherException? failure = null;
        try
        {
            reply = await _teacher.AskAsync(prompt, key, _observer, stop, abort).ConfigureAwait(false);
        }
        catch (TeacherException e) when (e.Failure is TeacherFailure.Exhausted or TeacherFailure.Refused)
        {
            failure = e;
        }

        return new JournalEntry
        {
            Kind = failure is null ? JournalEntry.ReplyKind : failure.Failure == TeacherFailure.Refused ? JournalEntry.RefusedKind : JournalEntry.FailedKind,
            Id = problem.Id,
            Sample = sample,
            PromptHash = TeacherPrompt.Hash(prompt),
            Host = _teacher.Host,
            Reply = reply,
            Message = failure?.Message,
            Seconds = _time.GetElapsedTime(begun).TotalSeconds,
            Time = _time.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture),
        };
    }

    /// <exception cref="TeacherException">Continuing is pointless.</exception>
    private void Note(Problem problem, JournalEntry entry, AskProgress progress)
    {
        var kept = entry.Reply is { } reply && _judge.Judge(problem, reply.Text, reply.FinishReason).IsKept;
        var (failures, refusals, replies, report) = progress.Add(entry, kept);
        _observer.Report(report);
        if (entry.Message is not null)
            _observer.Say($"{problem.Id}: {entry.Message}");
        if (failures >= _options.MostFailuresInARow)
            throw new TeacherException(TeacherFailure.Fatal, $"{failures} samples in a row failed, the last one: {entry.Message}; what came is saved, resume with --resume");
        if (replies == 0 && refusals >= MostRefusalsAtFirst)
            throw new TeacherException(TeacherFailure.Fatal, $"the first {refusals} requests were all refused, the last one: {entry.Message}");
    }
}
