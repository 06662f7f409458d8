using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using ParallelR1.Grading;
using ParallelR1.Grading.Semantic;

namespace ParallelR1.Tests.Grading;

/// <summary>One response with its gold answer and the truth about it.</summary>
internal sealed record GradingCase(string Kind, string Response, string Answer, bool IsCorrect)
{
    public string Source { get; init; } = "";
}

/// <summary>The sets of pairs that the semantic grader is measured by.</summary>
internal static partial class GradingCases
{
    /// <summary>The pairs of a fixture file.</summary>
    public static IEnumerable<GradingCase> Pairs(string file)
    {
        foreach (var row in Rows(file))
            yield return new(Text(row, "kind"), Text(row, "response"), Text(row, "answer"), Text(row, "label") == "correct") { Source = Text(row, "id") + " " + Text(row, "label_source") };
    }

    /// <summary>
    /// Pairs written by hand, one a line: kind, label, gold answer, and what stands behind <c>Final Answer:</c>, or the whole response in the kinds
    /// about where the answer is; <c>⏎</c> is a line break.
    /// </summary>
    public static IEnumerable<GradingCase> Written(string file)
    {
        foreach (var line in File.ReadLines(file).Where(l => l.Length > 0 && l[0] != '#'))
        {
            var parts = line.Split('\t');
            var text = parts[3].Replace("⏎", "\n", StringComparison.Ordinal);
            yield return new(parts[0], parts[0] is "last phrase" or "answer lines" or "whole responses" ? text : "Final Answer: " + text, parts[2], parts[1] == "correct");
        }
    }

    /// <summary>The last lines of GSM8K's solutions: with one number, the gold, and with one <c>=</c> and the gold first behind it; then both with another gold.</summary>
    public static IEnumerable<GradingCase> Gsm8k(string file)
    {
        foreach (var row in Rows(file))
        {
            var solution = Text(row, "solution");
            var end = solution.LastIndexOf("####", StringComparison.Ordinal);
            var gold = solution[(end + 4)..].Trim().Replace(",", "", StringComparison.Ordinal);
            var line = Calculation().Replace(solution[..end], "").Trim().Split('\n')[^1].Trim();
            var numbers = Numbers().Matches(line).Select(m => m.Value.Replace(",", "", StringComparison.Ordinal).TrimEnd('.')).ToArray();
            var kind = numbers.Length == 1 && numbers[0] == gold ? "gsm8k one number" : GoldIsBehindEquals(line, gold) ? "gsm8k one =" : null;
            if (kind is null)
                continue;
            yield return new(kind, "Final Answer: " + line, gold, true);
            foreach (var other in OtherGolds(decimal.Parse(gold, CultureInfo.InvariantCulture), numbers).Distinct())
                yield return new(kind + ", other gold", "Final Answer: " + line, other, false);
        }
    }

    /// <summary>Every MATH gold in known wordings, and beside the next row's gold where the two differ in value.</summary>
    public static IEnumerable<GradingCase> Math(string file)
    {
        var golds = Rows(file).Select(r => AnswerExtractor.Boxed(Text(r, "solution")) ?? Text(r, "answer")).ToArray();
        for (var i = 0; i < golds.Length; i++)
        {
            var gold = golds[i];
            var next = golds[(i + 1) % golds.Length];
            foreach (var (kind, wording) in Wordings(gold))
            {
                yield return new("math " + kind, wording, gold, true);
                if (!AreEqual(gold, next))
                    yield return new("math " + kind + ", next gold", wording, next, false);
            }
        }
    }

    private static bool AreEqual(string gold, string next)
    {
        var grader = new SemanticGrader();
        return gold == next || grader.Grade($"Final Answer: {gold}", next).IsCorrect || grader.Grade($"Final Answer: {next}", gold).IsCorrect;
    }

    private static IEnumerable<(string Kind, string Wording)> Wordings(string gold) =>
    [
        ("hope", $"Final Answer: The final answer is ${gold}$. I hope it is correct."),
        ("boxed", $"Final Answer: The answer is $\\boxed{{{gold}}}$."),
        ("thus", $"Final Answer: Thus, ${gold}$."),
        ("thus, bare", $"Final Answer: Thus, {gold}."),
    ];

    private static bool GoldIsBehindEquals(string line, string gold) =>
        line.Count(c => c == '=') == 1 && Behind().Match(line.Split('=')[1]) is { Success: true } match
            && match.Groups[1].Value.Replace(",", "", StringComparison.Ordinal) == gold;

    private static IEnumerable<string> OtherGolds(decimal gold, string[] numbers)
    {
        yield return (gold + 1).ToString(CultureInfo.InvariantCulture);
        if (gold != 0)
        {
            yield return (gold * 10).ToString(CultureInfo.InvariantCulture);
            yield return (-gold).ToString(CultureInfo.InvariantCulture);
        }

        foreach (var operand in numbers)
        {
            if (decimal.TryParse(operand, NumberStyles.Number, CultureInfo.InvariantCulture, out var value) && value != gold)
                yield return operand;
        }
    }

    private static IEnumerable<JsonElement> Rows(string file)
    {
        foreach (var line in File.ReadLines(file))
        {
            using var document = JsonDocument.Parse(line);
            yield return document.RootElement.Clone();
        }
    }

    private static string Text(JsonElement row, string name) => row.TryGetProperty(name, out var value) ? value.ToString() : "";

    [GeneratedRegex("<<.*?>>")]
    private static partial Regex Calculation();

    [GeneratedRegex(@"\d[\d,]*(\.\d+)?|\.\d+")]
    private static partial Regex Numbers();

    [GeneratedRegex(@"^[\s$]*(-?[\d,]*\.?\d+)")]
    private static partial Regex Behind();
}
