using System.Runtime.InteropServices;

namespace ParallelR1.Cli;

/// <summary>
/// Ctrl-C and the request to end: the first one cancels the token, so that the work can stop in good order; the second one ends the
/// process at once.
/// </summary>
internal sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration[] _signals;

    public Interruption() => _signals = [PosixSignalRegistration.Create(PosixSignal.SIGINT, Handle), PosixSignalRegistration.Create(PosixSignal.SIGTERM, Handle)];

    public CancellationToken Token => _source.Token;

    public void Dispose()
    {
        foreach (var signal in _signals)
            signal.Dispose();
        _source.Dispose();
    }

    private void Handle(PosixSignalContext context)
    {
        if (_source.IsCancellationRequested)
            Environment.Exit(ExitCode.Interrupted);
        context.Cancel = true;
        _source.Cancel();
    }
}
