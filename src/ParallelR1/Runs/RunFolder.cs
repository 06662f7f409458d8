using System.Text.Json.Nodes;
using ParallelR1.IO;

namespace ParallelR1.Runs;

/// <summary>
/// The folder of one training run: <c>recipe.yaml</c> (resolved), <c>metrics.jsonl</c>, <c>rollouts/</c>, <c>checkpoints/step-N/</c>, <c>model/</c>.
/// Held by one process at a time.
/// </summary>
public sealed class RunFolder : IDisposable
{
    private const string RecipeName = "recipe.yaml";
    private const string MetricsName = "metrics.jsonl";

    private readonly RunLock _lock;
    private readonly CheckpointStore _checkpoints;

    private RunFolder(string path, string recipe, CheckpointStore checkpoints, RunLock held, int? resumedStep)
    {
        FullPath = path;
        _lock = held;
        _checkpoints = checkpoints;
        ResumedStep = resumedStep;
        AtomicFile.WriteText(Path.Combine(path, RecipeName), recipe);
        Metrics = new MetricsLog(Path.Combine(path, MetricsName), keepThrough: resumedStep ?? -1);
    }

    /// <summary>The folder.</summary>
    public string FullPath { get; }

    /// <summary>The log of figures.</summary>
    public MetricsLog Metrics { get; }

    /// <summary>The step of the checkpoint from which this run goes on; null: it starts at the beginning.</summary>
    public int? ResumedStep { get; }

    /// <summary>The folder of that checkpoint; null: none.</summary>
    public string? ResumedCheckpoint => ResumedStep is { } step ? _checkpoints.PathOf(step) : null;

    /// <summary>Where the result goes: a model folder in Hugging Face layout.</summary>
    public string ModelPath => Path.Combine(FullPath, "model");

    /// <summary>Starts a run in a new or empty folder, or goes on with one.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="recipe">The resolved recipe as text, stored with the run.</param>
    /// <param name="keepCheckpoints">Newest checkpoints that are kept; 0: all.</param>
    /// <param name="resume">Null: a new run. Else the run that is there goes on, after this has looked at the stored recipe (its file and text).</param>
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
        Directory.CreateDirectory(full);
        var held = new RunLock(full);
        try
        {
            var checkpoints = new CheckpointStore(Path.Combine(full, "checkpoints"), keepCheckpoints);
            if (resume is null)
            {
                // Looked at again under the lock: another run may have begun between the first look and the lock.
                RefuseContent(path, full);
                return new RunFolder(full, recipe, checkpoints, held, null);
            }

            var file = Path.Combine(full, RecipeName);
            resume(file, File.ReadAllText(file));
            checkpoints.Clean();
            return new RunFolder(full, recipe, checkpoints, held, checkpoints.Steps is [.., var last] ? last : null);
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>Says that there is something left to do.</summary>
    /// <param name="totalSteps">Steps of the whole run.</param>
    /// <exception cref="UsageException">The resumed run already made all of them.</exception>
    public void RequireWork(int totalSteps)
    {
        if (ResumedStep is { } step && step >= totalSteps)
            throw new UsageException($"{FullPath}: nothing left to do: step {step} of {totalSteps} is done; raise the number of steps, or start a new run in another --out");
    }

    /// <summary>Saves the state after a step; older checkpoints beyond the recipe's <c>checkpoint.keep</c> are removed.</summary>
    /// <param name="step">Steps done.</param>
    /// <param name="write">Fills the folder it is given; the checkpoint appears when it returns.</param>
    public void SaveCheckpoint(int step, Action<string> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        _checkpoints.Save(step, write);
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

    /// <summary>Writes the result, whole or not at all.</summary>
    /// <param name="write">Fills the folder it is given.</param>
    public void WriteModel(Action<string> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        FolderSwap.Write(ModelPath, write);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Metrics.Dispose();
        _lock.Dispose();
    }

    private static void RefuseContent(string path, string full)
    {
        if (Directory.Exists(full) && Directory.EnumerateFileSystemEntries(full).Any(e => Path.GetFileName(e) != RunLock.FileName))
        {
            var hint = File.Exists(Path.Combine(full, RecipeName)) ? "it holds a run: add --resume to go on with it, or choose another --out" : "choose a new or empty --out";
            throw new UsageException($"{path}: the folder is not empty; {hint}");
        }
    }
}
