using System.Text.Json.Nodes;
using ParallelR1.Grading;

namespace ParallelR1.Benchmarks;

/// <summary>Agreement with the labels by kind, and pairs a second on one thread, for every grader.</summary>
internal static class GradingBenchmark
{
    private const int Rounds = 5;

    public static void Run(string file)
    {
        var pairs = File.ReadLines(file).Where(line => line.Length > 0).Select(line => JsonNode.Parse(line)!).Select(pair => new Pair(
            Text(pair["kind"]), Text(pair["response"]), Text(pair["answer"]), Text(pair["label"]) == "correct")).ToArray();
        PrintAgreement(pairs);
        Console.WriteLine();
        Console.WriteLine($"{pairs.Length} pairs, {Rounds} rounds, one thread, CPU time");
        foreach (var name in Graders.Names)
            Console.WriteLine($"{name,-14} {Rates(Graders.ByName(name), pairs)}");
    }

    private static string Text(JsonNode? node) => (string?)node ?? "";

    private static void PrintAgreement(Pair[] pairs)
    {
        var strict = Graders.ByName("strict");
        var semantic = Graders.ByName("semantic");
        Console.WriteLine("| kind | pairs | strict | semantic | wrong accepted | undecided |");
        Console.WriteLine("|---|---|---|---|---|---|");
        foreach (var kind in pairs.GroupBy(p => p.Kind).OrderBy(k => k.Key, StringComparer.Ordinal))
            PrintRow(kind.Key, [.. kind], strict, semantic);
        PrintRow("**all**", pairs, strict, semantic);
    }

    private static void PrintRow(string name, Pair[] pairs, IAnswerGrader strict, IAnswerGrader semantic)
    {
        var grades = pairs.Select(p => (Pair: p, Grade: semantic.Grade(p.Response, p.Answer))).ToArray();
        var exact = pairs.Count(p => strict.Grade(p.Response, p.Answer).IsCorrect == p.IsCorrect);
        var agreed = grades.Count(g => g.Grade.IsCorrect == g.Pair.IsCorrect);
        var accepted = grades.Count(g => g.Grade.IsCorrect && !g.Pair.IsCorrect);
        var undecided = grades.Count(g => g.Grade.Verdict == Verdict.Undecided);
        Console.WriteLine($"| {name} | {pairs.Length} | {100.0 * exact / pairs.Length:F1} % | {100.0 * agreed / pairs.Length:F1} % | {accepted} | {undecided} |");
    }

    private static string Rates(IAnswerGrader grader, Pair[] pairs)
    {
        var rates = Throughput(grader, pairs).Order().ToArray();
        return $"best {rates[^1]:F0}, median {rates[rates.Length / 2]:F0}, worst {rates[0]:F0} pairs/s";
    }

    private static List<double> Throughput(IAnswerGrader grader, Pair[] pairs)
    {
        var rates = new List<double>();
        for (var round = 0; round < Rounds; round++)
        {
            var before = Environment.CpuUsage.TotalTime;
            foreach (var pair in pairs)
                grader.Grade(pair.Response, pair.Answer);
            rates.Add(pairs.Length / (Environment.CpuUsage.TotalTime - before).TotalSeconds);
        }

        return rates;
    }

    private sealed record Pair(string Kind, string Response, string Answer, bool IsCorrect);
}
