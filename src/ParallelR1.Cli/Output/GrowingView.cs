using System.Diagnostics;
using System.Text;
using ParallelR1.Generation;
using ParallelR1.Runs.Reports;
using ParallelR1.Thinking;
using Spectre.Console;

namespace ParallelR1.Cli.Output;

/// <summary>Shows a response on the terminal while it is decoded, with the paths of a block side by side.</summary>
internal static class GrowingView
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(80);

    /// <summary>Whether standard output is a terminal that can be drawn on.</summary>
    public static bool IsPossible => !Console.IsOutputRedirected && Environment.GetEnvironmentVariable("TERM") is not "dumb";

    /// <summary>Decodes and draws; what stays on the terminal at the end is the whole response.</summary>
    public static GenerationResult Show(Engine engine, LanguageModel model, GenerationRequest request, GenerationOptions options, CancellationToken cancellation)
    {
        var console = AnsiConsole.Console;
        var result = console.Live(Text.Empty).AutoClear(true).Overflow(VerticalOverflow.Crop).Cropping(VerticalOverflowCropping.Top).Start(context =>
        {
            long drawn = 0;
            engine.Progress = (_, trace) =>
            {
                if (drawn != 0 && Stopwatch.GetElapsedTime(drawn) < s_pause)
                    return;
                drawn = Stopwatch.GetTimestamp();
                context.UpdateTarget(SideBySide.Draw(TraceTree.Parse(Write(trace, model)), console.Profile.Width));
            };
            return engine.Generate([request], options, cancellation).Single().Result;
        });
        engine.Progress = null;
        console.Write(SideBySide.Draw(TraceTree.Parse(model.DecodeResponse(result.Ids)), console.Profile.Width));
        return result;
    }

    /// <summary>Length and speed in a line.</summary>
    public static string Figures(GenerationResult result, TagIds? tags, TimeSpan time)
    {
        var critical = tags is null || result.Blocks == 0 ? result.Ids.Length : TraceLayout.Read(result.Ids, 0, tags).CriticalPathLength;
        var end = result.Finish == FinishReason.Eos ? "" : ", cut by the budget";
        return $"{result.Ids.Length} tokens ({critical} on the critical path), {result.Blocks} {(result.Blocks == 1 ? "block" : "blocks")}{end}, "
            + (result.Rejoined == 0 ? "" : $"{result.Rejoined} run again at joins, ")
            + $"{result.Ids.Length / time.TotalSeconds:F1} tokens/s";
    }

    /// <summary>The text so far. Paths that grow at the same time are written one after the other, each closed before the next.</summary>
    internal static string Write(TraceBuilder trace, LanguageModel model)
    {
        var text = new StringBuilder();
        var run = new List<int>();
        foreach (var (ids, path) in trace.Lines())
        {
            run.AddRange(ids);
            if (path is null or { IsClosed: true } || path == trace.Paths[^1])
                continue;
            text.Append(model.DecodeResponse(run.ToArray())).Append(ThinkingTag.PathClose.Text());
            run.Clear();
        }

        return text.Append(model.DecodeResponse(run.ToArray())).ToString();
    }
}
