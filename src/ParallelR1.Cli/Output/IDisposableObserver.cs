namespace ParallelR1.Cli.Output;

/// <summary>An observer that holds the terminal until it is disposed.</summary>
internal interface IDisposableObserver : IRunObserver, IDisposable;
