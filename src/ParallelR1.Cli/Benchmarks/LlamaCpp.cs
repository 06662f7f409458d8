using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using ParallelR1.IO;

namespace ParallelR1.Cli.Benchmarks;

/// <summary>The peer of <c>bench engine</c>: the programs of llama.cpp, where they are installed.</summary>
/// <param name="folder">The folder of its programs.</param>
internal sealed class LlamaCpp(string folder)
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(5);

    /// <summary>In <c>LLAMA_CPP</c>, else in <c>llama.cpp</c> beside the download cache; null where it is absent.</summary>
    public static LlamaCpp? Find()
    {
        var folder = Environment.GetEnvironmentVariable("LLAMA_CPP") is { Length: > 0 } set
            ? set
            : Path.Combine(Path.GetDirectoryName(KnownFolders.Cache)!, "llama.cpp");
        return File.Exists(Path.Combine(folder, "llama-batched-bench")) ? new LlamaCpp(folder) : null;
    }

    /// <summary>Writes a copy with weights of another type: BF16, F32.</summary>
    public void Requantize(string gguf, string output, string type, CancellationToken cancellation)
    {
        var target = AtomicFile.TargetOf(output);
        var partial = $"{target}.{Environment.ProcessId}.partial";
        Run("llama-quantize", ["--allow-requantize", gguf, partial, type], cancellation);
        File.Move(partial, target, overwrite: true);
    }

    /// <summary>Tokens per second of prompts, and of decoding without sampling, by number of sequences.</summary>
    public Dictionary<int, (double Prefill, double Decode)> Rates(string gguf, int threads, int prompt, int tokens, int[] sequences, CancellationToken cancellation)
    {
        var text = Run(
            "llama-batched-bench",
            [
                "-m", gguf, "-c", $"{(prompt + tokens) * sequences.Max() * 5 / 4 + 256}", "-npp", $"{prompt}", "-ntg", $"{tokens}",
                "-npl", string.Join(',', sequences), "-t", $"{threads}", "--output-format", "jsonl",
            ],
            cancellation);
        var rates = new Dictionary<int, (double Prefill, double Decode)>();
        foreach (var line in text.Split('\n').Where(l => l.StartsWith('{')))
        {
            try
            {
                var row = JsonNode.Parse(line)!.AsObject();
                rates[(int?)row["pl"] ?? throw new FormatException("no pl")] = (Speed("speed_pp"), Speed("speed_tg"));

                double Speed(string name) => (double?)row[name] ?? throw new FormatException($"no {name}");
            }
            catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
            {
                throw new InputException($"llama-batched-bench printed {line}; is it of another version?", e);
            }
        }

        return rates;
    }

    private string Run(string program, string[] arguments, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(Path.Combine(folder, program), arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(s_limit);
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(CancellationToken.None), process.StandardError.ReadToEndAsync(CancellationToken.None));
        try
        {
            process.WaitForExitAsync(limit.Token).GetAwaiter().GetResult();
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            cancellation.ThrowIfCancellationRequested();
            throw new InputException($"{program} took more than {s_limit.TotalMinutes.ToString(CultureInfo.InvariantCulture)} minutes; is the machine busy? Its threads wait by spinning: try --threads 1");
        }

        return process.ExitCode == 0
            ? output.GetAwaiter().GetResult()
            : throw new InputException($"{program} ended with status {process.ExitCode}: {errors.GetAwaiter().GetResult().TrimEnd().Split('\n')[^1]}");
    }
}
