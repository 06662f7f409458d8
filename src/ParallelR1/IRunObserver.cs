namespace ParallelR1;

/// <summary>Watches long work. Calls may come from any thread, often; an observer decides what to show.</summary>
public interface IRunObserver
{
    /// <summary>How far an activity is.</summary>
    void Report(RunProgress progress);

    /// <summary>Something that is worth a line of its own.</summary>
    void Say(string message);
}
