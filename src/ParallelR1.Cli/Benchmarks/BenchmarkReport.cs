using System.Reflection;
using System.Text.Json.Nodes;
using ParallelR1.Cli.Output;
using Spectre.Console;

namespace ParallelR1.Cli.Benchmarks;

/// <summary>What a benchmark prints: figures, and on what they were measured.</summary>
/// <param name="Name">The benchmark.</param>
/// <param name="Settings">What it was run with.</param>
/// <param name="Results">The figures.</param>
internal sealed record BenchmarkReport(string Name, JsonObject Settings, IReadOnlyList<BenchmarkResult> Results)
{
    private static string Machine => $"{ParallelR1.Torch.Runtime.ProcessorName}, {Environment.ProcessorCount} cores, load {Doctor.Machine.Load():F1} a core";

    /// <summary>The commit that the program was built from; null where it was built outside of a repository.</summary>
    private static string? Commit =>
        typeof(BenchmarkReport).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+') is [_, var commit] ? commit : null;

    public JsonObject ToJson() => new()
    {
        ["name"] = Name,
        ["machine"] = Machine,
        ["commit"] = Commit,
        ["settings"] = Settings.DeepClone(),
        ["results"] = new JsonArray([.. Results.Select(r => new JsonObject
        {
            ["case"] = r.Case,
            ["metric"] = r.Metric,
            ["value"] = Math.Round(r.Value, 2),
            ["unit"] = r.Unit,
            ["peer"] = r.Peer is { } peer ? Math.Round(peer, 2) : null,
            ["ratio"] = r.Ratio is { } ratio ? Math.Round(ratio, 3) : null,
        })]),
    };

    public void Print(IAnsiConsole console)
    {
        console.WriteLine($"{Name} on {Machine}");
        console.WriteLine(string.Join(", ", Settings.Select(s => $"{s.Key} {s.Value}")));
        var table = new Table().RoundedBorder().AddColumns("case", "metric", "value", "unit", "peer", "ratio");
        foreach (var r in Results)
            table.AddRow([.. new[] { r.Case, r.Metric, $"{r.Value:F1}", r.Unit, r.Peer is { } p ? $"{p:F1}" : "-", r.Ratio is { } q ? $"{q:F2}" : "-" }.Select(Markup.Escape)]);
        console.WriteTable(table);
    }
}

/// <summary>One figure of a benchmark.</summary>
/// <param name="Case">What was measured.</param>
/// <param name="Metric">What the figure says.</param>
/// <param name="Value">The figure.</param>
/// <param name="Unit">Its unit.</param>
/// <param name="Peer">The peer's figure for the same case in the same run; null where there is no peer.</param>
internal sealed record BenchmarkResult(string Case, string Metric, double Value, string Unit, double? Peer)
{
    /// <summary>Ours over the peer's.</summary>
    public double? Ratio => Peer is > 0 ? Value / Peer : null;
}
