using System.Text.Json.Nodes;
using ParallelR1.IO;

namespace ParallelR1.Runs;

/// <summary>
/// The folder of one training run: <c>recipe.yaml</c> (resolved), <c>metrics.jsonl</c>, <c>rollouts/</c>, <c>checkpoints/step-N/</c>, <c>model/</c>.
/// Held by one process at a time. Nothing is written before <see cref="Start"/>, so a run that cannot start leaves no trace.
/// </summary>
public sealed class RunFolder : IDisposable
{
    private const string RecipeName = "recipe.yaml";
    private const string MetricsName = "metrics.jsonl";

    private readonly RunLock _lock;
    private readonly CheckpointStore _checkpoints;
    private readonly string _recipe;
    private readonly bool _resumes;
    private readonly string[] _created;
    private MetricsLog? _metrics;

    private RunFolder(string path, string recipe, int keepCheckpoints, bool resumes)
    {
        (FullPath, _recipe, _resumes) = (path, recipe, resumes);
        _created = MissingFolders(path);
        Create(path);
        _lock = new RunLock(path);
        _checkpoints = new CheckpointStore(Path.Combine(path, "checkpoints"), keepCheckpoints);
    }

    /// <summary>Gets the path of the folder.</summary>
    public string FullPath { get; }

    /// <summary>Gets the metrics log; not available before <see cref="Start"/>.</summary>
    public MetricsLog Metrics => _metrics ?? throw new InvalidOperationException("The run has not started.");

    /// <summary>Gets the additional sinks of the run's metrics.</summary>
    public IList<IMetricsSink> Sinks { get; } = [];

    /// <summary>Gets whether the run has started.</summary>
    public bool IsStarted => _metrics is not null;

    /// <summary>Gets whether this resumes an existing run.</summary>
    public bool IsResumed => _resumes;

    /// <summary>Gets the step of the checkpoint from which this run resumes; null if it starts at the beginning.</summary>
    public int? ResumedStep { get; private set; }

    /// <summary>Gets the folder of that checkpoint; null if there is none.</summary>
    public string? ResumedCheckpoint => ResumedStep is { } step ? _checkpoints.PathOf(step) : null;

    /// <summary>Where the result goes: a model folder in Hugging Face layout.</summary>
    public string ModelPath => Path.Combine(FullPath, "model");

    private string RecipePath => Path.Combine(FullPath, RecipeName);

    internal string MetricsPath => Path.Combine(FullPath, MetricsName);

    /// <summary>Takes a new or empty folder for a run, or one whose run is to be resumed.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="recipe">The resolved recipe as text, stored with the run.</param>
    /// <param name="keepCheckpoints">Newest checkpoints that are kept; 0: all.</param>
    /// <param name="resume">Null: a new run. Else the run that is there is resumed, after this has looked at the stored recipe (its file and text).</param>
    /// <exception cref="UsageException">
    /// The folder holds something and the run is new; it holds no run and is to be resumed; another process works in it.
    /// </exception>
    public static RunFolder Open(string path, string recipe, int keepCheckpoints, Action<string, string>? resume)
    {
        var full = Path.GetFullPath(path);
        if (File.Exists(full))
            throw new UsageException($"{path}: is a file; --out must name a folder");
        if (resume is not null && !File.Exists(Path.Combine(full, RecipeName)))
            throw new UsageException($"{path}: there is no run to resume here (no {RecipeName}); start it without --resume");
        if (resume is null)
            RefuseContent(path, full);
        var run = new RunFolder(full, recipe, keepCheckpoints, resume is not null);
        try
        {
            // Looked at again under the lock: another run may have begun between the first look and the lock.
            if (resume is null)
                RefuseContent(path, full);
            else
                run.Resume(resume);
            return run;
        }
        catch
        {
            run.Dispose();
            throw;
        }
    }

    /// <summary>Says that there is something left to do.</summary>
    /// <param name="totalSteps">Steps of the whole run.</param>
    /// <exception cref="UsageException">The resumed run already made all of them.</exception>
    public void RequireWork(int totalSteps)
    {
        // A run that was killed between its last step and its model still has the model to write.
        var done = Math.Max(ResumedStep ?? 0, Directory.Exists(ModelPath) ? LastLoggedStep() : 0);
        if (_resumes && (done > totalSteps || (done == totalSteps && Directory.Exists(ModelPath))))
            throw new UsageException($"{FullPath}: nothing left to do: step {done} of {totalSteps} is done; raise the number of steps, or start a new run in another --out");
    }

    /// <summary>
    /// Begins the work: stores the recipe, opens the log (lines of steps that will be made again are cut off) and removes the model of a
    /// run that was shorter.
    /// </summary>
    /// <param name="totalSteps">Steps of the whole run.</param>
    /// <exception cref="UsageException">See <see cref="RequireWork"/>.</exception>
    public void Start(int totalSteps)
    {
        RequireWork(totalSteps);
        FolderSwap.Remove(ModelPath);
        RemoveRolloutsAfter(ResumedStep ?? -1);
        AtomicFile.WriteText(RecipePath, _recipe);
        _metrics = new MetricsLog(MetricsPath, keepThrough: ResumedStep ?? -1);
    }

    /// <summary>Saves the state after a step; older checkpoints beyond the recipe's <c>checkpoint.keep</c> are removed.</summary>
    /// <param name="step">Steps done.</param>
    /// <param name="write">Fills the folder it is given; the checkpoint appears when it returns.</param>
    public void SaveCheckpoint(int step, Action<string> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        _checkpoints.Save(step, write);
    }

    /// <summary>Logs metrics and passes them to the <see cref="Sinks"/>.</summary>
    /// <param name="step">The step they belong to, from 1; 0 is before training.</param>
    /// <param name="metrics">The figures.</param>
    public void Record(int step, RunMetrics metrics)
    {
        ArgumentNullException.ThrowIfNull(metrics);
        Metrics.Append(step, metrics.Kind, metrics.ToJson());
        foreach (var sink in Sinks)
            sink.Write(step, metrics);
    }

    /// <summary>Writes <c>rollouts/step-N.jsonl</c>.</summary>
    public void WriteRollouts(int step, IEnumerable<JsonObject> rollouts)
    {
        ArgumentNullException.ThrowIfNull(rollouts);
        var folder = Path.Combine(FullPath, "rollouts");
        Directory.CreateDirectory(folder);
        AtomicFile.Write(Path.Combine(folder, $"step-{step}.jsonl"), stream =>
        {
            foreach (var rollout in rollouts)
                JsonLines.Write(stream, rollout);
        });
    }

    /// <summary>Writes the result atomically.</summary>
    /// <param name="write">Fills the folder it is given.</param>
    public void WriteModel(Action<string> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        FolderSwap.Write(ModelPath, write);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            _metrics?.Dispose();
        }
        finally
        {
            _lock.Dispose();
            foreach (var folder in _created)
            {
                if (Directory.Exists(folder) && !Directory.EnumerateFileSystemEntries(folder).Any())
                    Directory.Delete(folder);
            }
        }
    }

    private void Resume(Action<string, string> check)
    {
        check(RecipePath, File.ReadAllText(RecipePath));
        FolderSwap.Recover(FullPath);
        _checkpoints.Recover();
        foreach (var folder in new[] { FullPath, Path.Combine(FullPath, "rollouts") }.Where(Directory.Exists))
        {
            foreach (var file in Directory.GetFiles(folder, PendingFile.Pattern))
                File.Delete(file);
        }

        ResumedStep = _checkpoints.Steps is [.., var last] ? last : null;
    }

    /// <summary>The command that resumes this run.</summary>
    /// <param name="stage">The command of its stage: <c>sft</c> or <c>rl</c>.</param>
    public string ResumeCommand(string stage) =>
        $"parallel-r1 {stage} --resume {(FullPath.All(c => char.IsLetterOrDigit(c) || "/._-+:@".Contains(c, StringComparison.Ordinal)) ? FullPath : $"'{FullPath.Replace("'", "'\\''", StringComparison.Ordinal)}'")}";

    /// <summary>Steps that will be made again, or that a shorter run does not reach, leave no rollouts behind.</summary>
    private void RemoveRolloutsAfter(int step)
    {
        var folder = Path.Combine(FullPath, "rollouts");
        if (!Directory.Exists(folder))
            return;
        foreach (var file in Directory.GetFiles(folder, "step-*.jsonl"))
        {
            if (int.TryParse(Path.GetFileNameWithoutExtension(file)["step-".Length..], out var at) && at > step)
                File.Delete(file);
        }
    }

    private int LastLoggedStep() => File.Exists(MetricsPath) ? MetricsLog.Read(MetricsPath).Select(MetricsLog.StepOf).Max() ?? 0 : 0;

    /// <summary>The folders that are still to be made for a path, the innermost first.</summary>
    private static string[] MissingFolders(string path)
    {
        var missing = new List<string>();
        for (var folder = path; folder is not null && !Directory.Exists(folder); folder = Path.GetDirectoryName(folder))
            missing.Add(folder);
        return [.. missing];
    }

    private static void Create(string path)
    {
        try
        {
            Directory.CreateDirectory(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{path}: cannot make this folder ({e.Message}); choose another --out", e);
        }
    }

    private static void RefuseContent(string path, string full)
    {
        if (!Directory.Exists(full))
            return;
        string[] names = [.. Directory.EnumerateFileSystemEntries(full).Select(e => Path.GetFileName(e)).Where(name => name != RunLock.FileName)];
        if (names.Length == 0 || IsBeforeFirstStep(full, names))
            return;
        var hint = names.Contains(RecipeName) ? "it holds a run: add --resume to resume it, or choose another --out" : "choose a new or empty --out";
        throw new UsageException($"{path}: the folder is not empty; {hint}");
    }

    /// <summary>A run that ended in its first step has left its recipe and an empty log: nothing that is worth keeping.</summary>
    private static bool IsBeforeFirstStep(string full, string[] names) =>
        names.Length == 2 && names.Contains(RecipeName) && names.Contains(MetricsName) && new FileInfo(Path.Combine(full, MetricsName)).Length == 0;
}
