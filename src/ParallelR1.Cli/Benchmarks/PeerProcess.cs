using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using ParallelR1.IO;
using ParallelR1.Torch;

namespace ParallelR1.Cli.Benchmarks;

/// <summary>
/// A program in <c>benchmarks/peers</c> that does the same with other software: says what it is, then for each line of JSON with a case
/// does it once and answers the seconds it took. It uses as many threads as we do.
/// </summary>
internal sealed class PeerProcess : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(3);
    private readonly Process _process;

    private PeerProcess(Process process, string name)
    {
        _process = process;
        Name = name;
    }

    /// <summary>What it is.</summary>
    public string Name { get; }

    /// <summary>Starts a peer; null, with a word to the observer, where that is not possible.</summary>
    public static PeerProcess? Start(string script, IRunObserver observer)
    {
        Process? process = null;
        var file = KnownFolders.Checkout is { } root ? Path.Combine(root, "benchmarks", "peers", script) : null;
        if (file is null || !File.Exists(file))
            return Without($"{script} is not here");
        var start = new ProcessStartInfo("python3", [file]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["OMP_NUM_THREADS"] = Runtime.Threads.ToString(CultureInfo.InvariantCulture);
        start.Environment.TryAdd("OMP_WAIT_POLICY", "passive");
        PeerProcessor.Limit(start.Environment);
        try
        {
            process = Process.Start(start)!;
            process.ErrorDataReceived += (_, _) => { };
            process.BeginErrorReadLine();
            if (ReadLine(process) is { } name)
                return new PeerProcess(process, name);
            return Without("python3 on the path has no torch (PYTHONPATH=DIR tells it where one is)");
        }
        catch (Exception e) when (e is System.ComponentModel.Win32Exception or TimeoutException)
        {
            return Without($"python3 {script}: {e.Message}");
        }

        PeerProcess? Without(string reason)
        {
            if (process is not null)
                Stop(process);
            observer.Say($"no peer to compare with: {reason}");
            return null;
        }
    }

    /// <summary>The seconds that one round of a case takes.</summary>
    /// <exception cref="TimeoutException">No answer.</exception>
    /// <exception cref="InvalidOperationException">It ended.</exception>
    public double Seconds(JsonObject settings)
    {
        _process.StandardInput.WriteLine(settings.ToJsonString());
        _process.StandardInput.Flush();
        return ReadLine(_process) is { } line
            ? double.Parse(line, CultureInfo.InvariantCulture)
            : throw new InvalidOperationException($"{Name} ended without an answer to {settings.ToJsonString()}");
    }

    /// <summary>Ends it.</summary>
    public void Dispose() => Stop(_process);

    private static void Stop(Process process)
    {
        if (!process.HasExited)
            process.Kill();
        process.Dispose();
    }

    private static string? ReadLine(Process process)
    {
        var line = process.StandardOutput.ReadLineAsync();
        return line.Wait(s_patience) ? line.Result : throw new TimeoutException($"waited {s_patience.TotalSeconds:0} s for the peer");
    }
}

/// <summary>Holds a peer to the level of processor that <c>PARALLELR1_CPU</c> holds us to: every library in it reads a variable of its own.</summary>
internal static class PeerProcessor
{
    public static void Limit(IDictionary<string, string?> environment)
    {
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable("PARALLELR1_CPU")))
            return;
        var (aten, onednn, mkl, openblas) = Runtime.KernelLevel switch
        {
            "baseline" => ("default", "SSE41", "SSE4_2", "Nehalem"),
            "avx2" => ("avx2", "AVX2", "AVX2", "Haswell"),
            "avx512" => ("avx512", "AVX512_CORE", "AVX512", "SkylakeX"),
            _ => ("avx512", "AVX512_CORE_BF16", "AVX512", "Cooperlake"),
        };
        environment["ATEN_CPU_CAPABILITY"] = aten;
        environment["ONEDNN_MAX_CPU_ISA"] = environment["DNNL_MAX_CPU_ISA"] = onednn;
        environment["MKL_ENABLE_INSTRUCTIONS"] = mkl;
        environment["OPENBLAS_CORETYPE"] = openblas;
    }
}
