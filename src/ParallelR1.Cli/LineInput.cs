using System.Collections.Concurrent;
using Microsoft.Win32.SafeHandles;
using ParallelR1.IO;

namespace ParallelR1.Cli;

/// <summary>
/// The lines of a file, a pipe or standard input. Those of a pipe are read ahead on a thread of their own, so that waiting for them can be
/// broken off, and it is known whether more are there.
/// </summary>
internal sealed class LineInput : IDisposable
{
    private const int LinesAhead = 64;
    private static readonly TimeSpan s_quiet = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan s_longest = TimeSpan.FromMilliseconds(200);

    private readonly FileStream _stream;
    private readonly BlockingCollection<(int Line, byte[] Utf8)>? _pipe;
    private readonly CancellationTokenSource _closing = new();
    private (int Line, byte[] Utf8)? _ahead;

    private LineInput(FileStream stream, string name)
    {
        (_stream, Name) = (stream, name);
        _pipe = stream.CanSeek ? null : new BlockingCollection<(int, byte[])>(LinesAhead);
    }

    /// <summary>What errors call it.</summary>
    public string Name { get; }

    /// <summary>Whether somebody feeds lines to standard input: a pipe, or a file that is not empty.</summary>
    public static bool IsPiped
    {
        get
        {
            if (!Console.IsInputRedirected)
                return false;
            using var stream = OpenStandard();
            return !stream.CanSeek || stream.Length > 0;
        }
    }

    /// <param name="path">A file or a pipe; null: standard input.</param>
    /// <param name="quiet">Do not say that a terminal is being read.</param>
    /// <exception cref="UsageException">There is no such file.</exception>
    public static LineInput Open(string? path, bool quiet)
    {
        if (path is not null)
            return new LineInput(LineReader.Open(path), path);
        if (!Console.IsInputRedirected && !quiet)
            Console.Error.WriteLine("reading lines from standard input, up to Ctrl-D");
        return new LineInput(OpenStandard(), "standard input");
    }

    /// <summary>The lines that are not blank with their numbers (from 1). The bytes are valid until the next line is asked for.</summary>
    public IEnumerable<(int Line, ReadOnlyMemory<byte> Utf8)> Lines(CancellationToken cancellation)
    {
        if (_pipe is null)
        {
            foreach (var line in LineReader.Read(_stream, Name))
                yield return line;
            yield break;
        }

        var reading = Task.Factory.StartNew(ReadAhead, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        while (true)
        {
            if (_ahead is null)
            {
                if (!_pipe.TryTake(out var taken, Timeout.Infinite, cancellation))
                    break;
                _ahead = taken;
            }

            var (line, utf8) = _ahead.Value;
            _ahead = null;
            yield return (line, utf8);
        }

        reading.GetAwaiter().GetResult();
    }

    /// <summary>Whether a pipe has no further line for the moment; a file always has them, up to its end.</summary>
    /// <param name="waited">For how long lines have been collected already.</param>
    public bool IsIdle(TimeSpan waited)
    {
        if (_pipe is null || _ahead is not null)
            return false;
        var patience = s_longest - waited;
        if (!_pipe.TryTake(out var taken, patience < TimeSpan.Zero ? TimeSpan.Zero : patience < s_quiet ? patience : s_quiet))
            return true;
        _ahead = taken;
        return false;
    }

    public void Dispose()
    {
        // The thread may be waiting for a pipe that nobody writes to; it ends with the process.
        _closing.Cancel();
        if (_pipe is null or { IsAddingCompleted: true })
            _stream.Dispose();
    }

    private static FileStream OpenStandard() => new(new SafeFileHandle(0, ownsHandle: false), FileAccess.Read, 1);

    private void ReadAhead()
    {
        try
        {
            foreach (var (line, utf8) in LineReader.Read(_stream, Name))
                _pipe!.Add((line, utf8.ToArray()), _closing.Token);
        }
        catch (OperationCanceledException)
        {
        }
        finally
        {
            _pipe!.CompleteAdding();
        }
    }
}
