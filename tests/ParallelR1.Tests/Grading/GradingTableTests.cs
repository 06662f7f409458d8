using ParallelR1.Grading;
using ParallelR1.IO;

namespace ParallelR1.Tests.Grading;

/// <summary>Pairs written by hand: the worked tables of the documentation, and more of each kind.</summary>
public class GradingTableTests
{
    private const string Folder = "tests/ParallelR1.Tests/Grading";

    [Fact]
    public void The_worked_tables_of_the_documentation_hold()
    {
        var rows = Rows(Found("docs/grading.md")).ToArray();
        Assert.True(rows.Length > 90, $"{rows.Length} rows were found");
        Assert.Empty(Missed(rows));
    }

    [Fact]
    public void Pairs_of_every_kind_and_their_near_misses_are_told_apart() =>
        Assert.Empty(Missed(GradingCases.Written(Found(Folder + "/pairs.tsv"))));

    [Theory]
    [InlineData("7", "It is one of the cases where nothing is known about 7.")]
    [InlineData("\\lfloor x \\rfloor", "x - 1")]
    [InlineData("\\int_0^1 f(x) dx", "\\int_0^2 f(x) dx")]
    public void What_is_not_understood_is_undecided(string gold, string answer) =>
        Assert.Equal(Verdict.Undecided, new SemanticGrader().Grade("Final Answer: " + answer, gold).Verdict);

    [Theory]
    [InlineData("7", "It takes 8 days.")]
    [InlineData("\\text{odd}", "even")]
    [InlineData("|x|", "x")]
    public void What_is_understood_and_differs_is_wrong(string gold, string answer) =>
        Assert.Equal(Verdict.Wrong, new SemanticGrader().Grade("Final Answer: " + answer, gold).Verdict);

    private static List<string> Missed(IEnumerable<GradingCase> cases)
    {
        var grader = new SemanticGrader();
        return [.. cases.Select(c => (Case: c, Grade: grader.Grade(c.Response, c.Answer))).Where(p => p.Grade.IsCorrect != p.Case.IsCorrect).Select(p => $"{p.Case.Response} for {p.Case.Answer}: {p.Grade.Verdict}")];
    }

    private static IEnumerable<GradingCase> Rows(string file)
    {
        var kind = "";
        foreach (var line in File.ReadLines(file))
        {
            if (line.StartsWith("### ", StringComparison.Ordinal))
                kind = line[4..];
            var cells = line.Replace("\\|", "\0", StringComparison.Ordinal).Split('|', StringSplitOptions.TrimEntries);
            if (cells is [_, ['`', .. var gold, '`'], ['`', .. var answer, '`'], "correct" or "not correct", _])
                yield return new(kind, "Final Answer: " + answer.Replace('\0', '|'), gold.Replace('\0', '|'), cells[3] == "correct");
        }
    }

    private static string Found(string path)
    {
        Assert.SkipWhen(KnownFolders.Checkout is null, "the tests do not run in a checkout");
        return Path.Combine(KnownFolders.Checkout!, path);
    }
}
