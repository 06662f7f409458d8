using System.Text.Json.Nodes;
using ParallelR1.Data;

namespace ParallelR1.Tests.Data;

public class PreparationTests
{
    private const string Long = "A train leaves the station at noon and travels east at sixty miles per hour until evening";

    [Fact]
    public void Faults_are_left_out_by_reason_and_name()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("in.jsonl", string.Join('\n',
            Row("whole", "What is 1 + 1?", "2"),
            Row("cut", "Solve the system:\\n ", "3"),
            Row("again", "What  is 1 + 1?", "2"),
            Row("con-1", "What is x?", "1"),
            Row("con-2", "What is x?", "2"),
            Row("long", new string('x', 200), "2"),
            Row("half", "What is the root?", "\\\\frac{\\\\sqrt{3"),
            Row("mended", "What is the other root?", "\\\\frac{\\\\sqrt{3", "it is $\\\\boxed{\\\\frac{\\\\sqrt{3}}{3}}$")));
        var report = Preparation.Run(file, folder["out.jsonl"], new PreparationOptions { Cleaning = new CleaningOptions { MaxCharacters = 100 } });
        Assert.Equal(
            [
                ("cut", RejectReason.CutProblem), ("again", RejectReason.Duplicate), ("con-1", RejectReason.ConflictingAnswers),
                ("con-2", RejectReason.ConflictingAnswers), ("long", RejectReason.OverLong), ("half", RejectReason.CutAnswer),
            ],
            report.Rejections.Select(r => (r.Id, r.Reason)));
        Assert.Equal((8, 1, 1, 2, 1, 2, 2), (report.Read, report.RepairedAnswers, report.RepeatedProblems, report.RepeatedRows, report.ConflictingProblems, report.RepeatedUpToWhiteSpace, report.Kept));
        var kept = ProblemSet.Load(folder["out.jsonl"]).ToList();
        Assert.Equal(["whole", "mended"], kept.Select(p => p.Id));
        Assert.Equal("\\frac{\\sqrt{3}}{3}", kept[1].Answer);
    }

    [Theory]
    [InlineData(Long, "Once more: a TRAIN leaves the station, at noon, and travels east at sixty miles per day.", true)]
    [InlineData(Long, "A train leaves the station at noon and travels west at sixty miles per hour.", false)]
    [InlineData("How many legs do three cats and two dogs have?", "Pets! How many legs do three cats and two dogs have? Say it as a number, please, in words.", true)]
    [InlineData("Pets! How many legs do three cats and two dogs have? Say it as a number, please, in words.", "How many legs do three cats and two dogs have?", true)]
    [InlineData("Find $x$.", "find x", true)]
    [InlineData("Find $x$.", "A longer text in which one is told to find x and then much more than that.", false)]
    public void Shared_text_is_found_either_way_round(string problem, string other, bool shares)
    {
        var (one, two) = (Problem("a", problem), Problem("b", other));
        Assert.Equal(shares, new TextOverlap([two], [one]).Find(one.Text) is ("b", _));
        Assert.Equal(shares, new TextOverlap([one], [two]).Find(two.Text) is ("a", _));
    }

    [Fact]
    public void What_many_problems_share_can_be_taken_for_a_phrase()
    {
        var set = Enumerable.Range(0, 5).Select(i => Problem($"p{i}", $"{Long} number {i} of many others here")).ToList();
        Assert.NotNull(new TextOverlap([set[0]], set).Find(set[1].Text));
        Assert.Null(new TextOverlap([set[0]], set, ignoreFrom: 5).Find(set[1].Text));
        Assert.NotNull(new TextOverlap([set[0]], set, ignoreFrom: 6).Find(set[1].Text));
    }

    [Fact]
    public void Contaminated_problems_are_reported_with_the_words()
    {
        using var folder = new TemporaryFolder();
        var test = folder.Write("test.jsonl", Row("t", $"{Long}. How far?", "1") + "\n" + Row("u", "Something else?", "2"));
        var train = folder.Write("train.jsonl", Row("r", $"{Long}; and then?", "3"));
        var report = Preparation.Run(test, folder["out.jsonl"], new PreparationOptions { Against = train });
        var rejection = Assert.Single(report.Rejections);
        Assert.Equal(("t", RejectReason.Contaminated), (rejection.Id, rejection.Reason));
        Assert.StartsWith("shares with r: a train leaves the station at noon", rejection.Detail);
        Assert.Equal(1, report.Kept);
    }

    [Fact]
    public void The_other_set_may_have_columns_of_its_own()
    {
        using var folder = new TemporaryFolder();
        var test = folder.Write("test.jsonl", Row("t", $"{Long}. How far?", "1") + "\n" + Row("u", "Something else?", "2"));
        var train = folder.Write("train.jsonl", $$"""{"task":{"text":"{{Long}}; and then?"},"gold":3}""");
        var map = new Dictionary<string, string> { ["problem"] = "task.text", ["answer"] = "gold" };

        var report = Preparation.Run(test, folder["out.jsonl"], new PreparationOptions { Against = train, AgainstMap = map });

        Assert.Equal(("t", RejectReason.Contaminated), (Assert.Single(report.Rejections).Id, report.Rejections[0].Reason));
    }

    [Theory]
    [InlineData("out.jsonl")]
    [InlineData("out.parquet")]
    public void The_chat_before_a_problem_is_written_and_tells_problems_apart(string output)
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("in.jsonl", string.Join('\n', new[] { "In metres.", "In feet." }.Select((system, i) =>
            $$"""{"id":"r{{i}}","prompt":[{"role":"system","content":"{{system}}"},{"role":"user","content":"How far?"}],"answer":"{{i}}"}""")));

        Assert.Equal(2, Preparation.Run(file, folder[output], new PreparationOptions()).Kept);

        Assert.Equal(["In metres.", "In feet."], ProblemSet.Load(folder[output]).Select(p => Assert.Single(p.Earlier).Content));
    }

    [Theory]
    [InlineData("0.5", "\\\\frac12", false)]
    [InlineData("1,000", "1000", false)]
    [InlineData("x=3", "3", false)]
    [InlineData("(1, 2)", "( 1,2 )", false)]
    [InlineData("0.5", "0.25", true)]
    [InlineData("(1, 2)", "(2, 1)", true)]
    [InlineData("Paris", "London", true)]
    public void Answers_conflict_in_value_and_not_in_spelling(string one, string other, bool conflict)
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("in.jsonl", Row("a", "What is x?", one) + "\n" + Row("b", "What is x?", other));
        var report = Preparation.Run(file, folder["out.jsonl"], new PreparationOptions());
        Assert.Equal((conflict ? 1 : 0, conflict ? 0 : 1), (report.ConflictingProblems, report.Kept));
    }

    [Theory]
    [InlineData("7", "\"7\"")]
    [InlineData("\"a\"", "\"a\"")]
    public void An_id_that_comes_again_is_an_error_that_names_both_lines(string one, string other)
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("in.jsonl", $$"""
            {"id":{{one}},"problem":"p?","answer":"1"}
            {"id":"x","problem":"q?","answer":"1"}
            {"id":{{other}},"problem":"r?","answer":"1"}
            """);
        var error = Assert.Throws<InputException>(() => Preparation.Run(file, folder["out.jsonl"], new PreparationOptions()));
        Assert.StartsWith($"{file}:3: the id ", error.Message);
        Assert.Contains($"that of {file}:1 too", error.Message);
    }

    [Fact]
    public void The_copies_of_a_problem_may_share_their_id()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("in.jsonl", Row("a", "p?", "1") + "\n" + Row("a", "p?", "1"));
        Assert.Equal(1, Preparation.Run(file, folder["out.jsonl"], new PreparationOptions()).Kept);
    }

    [Fact]
    public void Bad_rows_are_passed_over_and_counted_once_where_that_is_asked_for()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("in.jsonl", string.Join('\n', Row("a", "p?", "1"), "{\"problem\":", "{\"problem\":\"q?\"}", Row("a", "r?", "1"), "[1]", Row("b", "s?", "1")));
        var report = Preparation.Run(file, folder["out.jsonl"], new PreparationOptions { SkipBad = true, Against = folder.Write("other.jsonl", Row("o", "other?", "1")) });
        Assert.Equal((6, 2, 4), (report.Rows, report.Kept, report.BadRows.Count));
        Assert.Equal([2, 3, 5, 4], report.BadRows.Select(b => int.Parse(b[(file.Length + 1)..].Split(':')[0])));
        Assert.Equal(["a", "b"], ProblemSet.Load(folder["out.jsonl"]).Select(p => p.Id));
    }

    [Fact]
    public void The_published_counts_of_dapo_come_out()
    {
        Fixtures.DataFile("parquet/dapo-train.parquet");
        using var folder = new TemporaryFolder();
        var report = Preparation.Run("dapo-math-17k", folder["out.jsonl"], new PreparationOptions());
        Assert.Equal((17917, 652, 1341, 20), (report.Read, report.RepeatedProblems, report.RepeatedRows, report.ConflictingProblems));
        Assert.Equal(293, report.Counts().Single(c => c.Reason == RejectReason.CutProblem).Count);
        Assert.Equal(report.Read, report.Kept + report.Rejections.Count);
    }

    [Fact]
    public void A_damaged_row_leaves_no_file_behind()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("in.jsonl", Row("a", "p?", "1") + "\n{\"problem\":\n");
        Assert.Throws<InputException>(() => Preparation.Run(file, folder["out.jsonl"], new PreparationOptions()));
        Assert.Equal([file], Directory.GetFiles(folder.FullPath));
    }

    private static string Row(string id, string problem, string answer, string? solution = null) =>
        $$"""{"id":"{{id}}","problem":"{{problem}}","answer":"{{answer}}"{{(solution is null ? "" : $",\"solution\":\"{solution}\"")}}}""";

    private static Problem Problem(string id, string text) => new(id, text, "1", null, "s", "test", new JsonObject());
}
