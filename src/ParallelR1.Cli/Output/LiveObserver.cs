using Spectre.Console;

namespace ParallelR1.Cli.Output;

/// <summary>A bar for every activity, drawn again in place.</summary>
internal sealed class LiveObserver : IDisposableObserver
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);

    private readonly IAnsiConsole _console;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, ProgressTask> _tasks = [];
    private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<ProgressContext> _context = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task? _drawing;
    private bool _gaveUp;

    public LiveObserver(IAnsiConsole console)
    {
        _console = console;
    }

    public void Report(RunProgress progress)
    {
        lock (_lock)
        {
            if (_end.Task.IsCompleted)
                return;
            _drawing ??= Draw();
            // A terminal that cannot be drawn on costs a moment once, never the work.
            if (!_context.Task.IsCompletedSuccessfully && (_gaveUp || _drawing.IsCompleted || !_context.Task.Wait(s_patience)))
            {
                _gaveUp = true;
                return;
            }

            if (!_tasks.TryGetValue(progress.Activity, out var task))
                _tasks[progress.Activity] = task = _context.Task.Result.AddTask(Markup.Escape(progress.Activity), maxValue: Math.Max(1, progress.Total));
            task.IsIndeterminate = progress.Total <= 0;
            task.MaxValue = Math.Max(1, progress.Total);
            task.Value = progress.Done;
            task.Description = Markup.Escape($"{progress.Activity} {progress.Amount}  {progress.Detail}".TrimEnd());
        }
    }

    public void Say(string message)
    {
        lock (_lock)
            _console.WriteLine(message);
    }

    public void Dispose()
    {
        lock (_lock)
            _end.TrySetResult();
        try
        {
            _drawing?.Wait(s_patience);
        }
        catch (AggregateException)
        {
            // Drawing failed; what was to be drawn is over.
        }
    }

    private Task Draw() => Task.Run(() => _console.Progress()
        .AutoClear(false)
        .HideCompleted(false)
        .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn { Width = 24 }, new PercentageColumn(), new RemainingTimeColumn())
        .StartAsync(async context =>
        {
            _context.SetResult(context);
            await _end.Task.ConfigureAwait(false);
        }));
}
