using ParallelR1.Torch;

namespace ParallelR1.Generation;

/// <summary>
/// The thread that runs an engine's scheduler. libtorch keeps a thread pool for each thread that calls it, so one thread runs all steps;
/// it ends after a while without requests, and the next request starts a new one.
/// </summary>
internal sealed class DecodingThread(Scheduler scheduler)
{
    private static readonly TimeSpan s_rest = TimeSpan.FromSeconds(2);
    private readonly object _gate = new(); // waited on while there is nothing to do
    private readonly Queue<Action> _inbox = [];
    private Thread? _thread;
    private bool _stopped;

    /// <summary>Submits requests to the scheduler.</summary>
    /// <exception cref="ObjectDisposedException">It was stopped.</exception>
    public void Submit(IReadOnlyList<ScheduledRequest> requests)
    {
        if (requests.Count > 0)
            Post(() => scheduler.Submit(requests));
    }

    /// <summary>Runs a function between two steps, and waits for its result.</summary>
    /// <exception cref="ObjectDisposedException">It was stopped.</exception>
    public T Call<T>(Func<T> function)
    {
        if (Thread.CurrentThread == _thread)
            return function();
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(() =>
        {
            try
            {
                done.SetResult(function());
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                done.SetException(e);
            }
        });
        return done.Task.GetAwaiter().GetResult();
    }

    /// <summary>Ends all requests, and waits for the thread to end.</summary>
    /// <returns>False if the thread had been stopped before.</returns>
    public bool Stop()
    {
        Thread? thread;
        lock (_gate)
        {
            if (_stopped)
                return false;
            _stopped = true;
            thread = _thread;
            Monitor.PulseAll(_gate);
        }

        thread?.Join();
        return true;
    }

    private void Post(Action action)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_stopped, typeof(Engine));
            _inbox.Enqueue(action);
            if (_thread is null)
            {
                _thread = new Thread(Run) { IsBackground = true, Name = "decoding" };
                _thread.Start();
            }

            Monitor.PulseAll(_gate);
        }
    }

    private void Run()
    {
        Runtime.Threads = Runtime.Threads; // of this thread too
        while (Next(out var actions))
        {
            using var scope = new TensorScope();
            using var mode = GradMode.Off();
            foreach (var action in actions)
                action();
            if (!scheduler.HasWork)
                continue;
            try
            {
                scheduler.Step();
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                scheduler.Fail(e);
            }
        }
    }

    /// <summary>Gets the actions posted since the last step; waits while there is nothing to do.</summary>
    /// <returns>False if the thread must end.</returns>
    private bool Next(out List<Action> actions)
    {
        lock (_gate)
        {
            while (!_stopped && _inbox.Count == 0 && !scheduler.HasWork)
            {
                if (Monitor.Wait(_gate, s_rest) || _inbox.Count > 0)
                    continue;
                (_thread, actions) = (null, []);
                return false;
            }

            actions = [.. _inbox];
            _inbox.Clear();
        }

        if (!_stopped)
            return true;
        foreach (var action in actions)
            action();
        scheduler.Fail(new ObjectDisposedException(nameof(Engine)));
        return false;
    }
}
