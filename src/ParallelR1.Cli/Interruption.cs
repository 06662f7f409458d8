using System.Runtime.InteropServices;

namespace ParallelR1.Cli;

/// <summary>
/// Ctrl-C, the request to end and the closing of the terminal: the first one cancels the token, so that the work can stop in good order; the second one ends the
/// process at once.
/// </summary>
internal sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration[] _signals;

    public Interruption()
    {
        List<PosixSignal> signals = [PosixSignal.SIGINT, PosixSignal.SIGTERM];
        if (!HangupIsIgnored())
            signals.Add(PosixSignal.SIGHUP);
        _signals = [.. signals.Select(signal => PosixSignalRegistration.Create(signal, Handle))];
    }

    /// <summary>What the first interruption is answered with, at once; a command that saves its state says so.</summary>
    public static string Answer { get; set; } = "stopping; press again to stop now";

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
        TryAnswer();
        _source.Cancel();
    }

    /// <summary>A terminal that is gone takes no answer, and the work must still be saved.</summary>
    private static void TryAnswer()
    {
        try
        {
            Console.Error.WriteLine(Answer);
        }
        catch (IOException)
        {
        }
    }

    /// <summary>Started by nohup: the work outlives its terminal, and a handler of ours would undo that.</summary>
    private static bool HangupIsIgnored()
    {
        const string Mask = "SigIgn:";
        try
        {
            var line = File.ReadLines("/proc/self/status").FirstOrDefault(l => l.StartsWith(Mask, StringComparison.Ordinal));
            return line is not null && (Convert.ToUInt64(line[Mask.Length..].Trim(), 16) & 1) != 0;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
