using System.Text.Json.Nodes;
using ParallelR1.Data;
using ParallelR1.Data.Synthetic;
using ParallelR1.Training.Policy;

namespace ParallelR1.Tests.Training.Policy;

public sealed class PartCreditTests
{
    // 21 to 26; only 23 and 26 pass.
    private static readonly Problem Count = Of(new JsonObject { ["goal"] = "count", ["low"] = 21, ["values"] = new JsonArray(0, 0, 1, 0, 0, 1) }, "2");
    private static readonly Problem Find = Of(new JsonObject { ["goal"] = "find", ["low"] = 21, ["values"] = new JsonArray(null, null, 23, null, null, null) }, "23");
    private static readonly Problem Best = Of(new JsonObject { ["goal"] = "best", ["low"] = 21, ["values"] = new JsonArray(4, 9, 2, 0, 7, 1) }, "9");

    [Fact]
    public void A_path_that_states_rightly_what_its_slice_comes_to_scores_one() =>
        Assert.Equal([1.0, 1.0], PartCredit.Scores(Count, ["21-23:\n…\nso 1", "24-26:\n…\nso 1"]));

    [Fact]
    public void A_wrong_result_scores_minus_one_whatever_the_other_path_found() =>
        Assert.Equal([-1.0, 1.0], PartCredit.Scores(Count, ["21-23:\n…\nso 2", "24-26:\n…\nso 1"]));

    [Fact]
    public void A_path_that_looks_at_nothing_new_scores_nothing() =>
        Assert.Equal([1.0, 0.0], PartCredit.Scores(Count, ["21-26:\n…\nso 2", "22-24:\n…\nso 1"]));

    [Fact]
    public void To_find_nothing_where_there_is_nothing_is_right() =>
        Assert.Equal([1.0, 1.0, -1.0], PartCredit.Scores(Find, ["21-23:\n…\nso 23", "24-25:\n…\nso none", "26-26:\n…\nso 26"]));

    [Fact]
    public void The_best_of_a_slice_is_its_own() =>
        Assert.Equal([1.0, 1.0, -1.0], PartCredit.Scores(Best, ["21-22:\n…\nso 9", "23-25:\n…\nso 7", "26-26:\n…\nso 9"]));

    [Theory]
    [InlineData("")]
    [InlineData("no part\nso none")]
    [InlineData("21-99:\nso 1")]
    [InlineData("26-21:\nso 1")]
    [InlineData("21-23:\n21of23:2*8+5 want3 no,0")]
    public void A_path_without_a_slice_of_the_range_or_without_a_result_scores_minus_one(string path) =>
        Assert.Equal([-1.0], PartCredit.Scores(Count, [path]));

    [Fact]
    public void In_a_problem_that_is_no_search_the_part_is_the_whole() =>
        Assert.Equal([1.0, -1.0], PartCredit.Scores(Of(null, "55"), ["Step by step:\n50+5=55\nso 55", "Regrouped:\n50+6=56\nso 56"]));

    [Fact]
    public void Every_slice_of_every_synthetic_search_is_right_by_what_the_problem_says()
    {
        var rows = SyntheticSets.Rows("synthetic-hard-train", 3).Take(200);
        var problems = SyntheticProblems.Stream(SyntheticDifficulty.Hard, SyntheticSplit.Train, SyntheticSets.KeyOf("synthetic-hard-train", 3));
        foreach (var (row, problem) in rows.Zip(problems).Where(pair => pair.Second.Search is not null))
        {
            var slices = problem.Search!.Slices(4).Select(s => problem.Search.Scan(s.From, s.To).Text).ToArray();

            Assert.All(PartCredit.Scores(Of((JsonObject)row["meta"]!["search"]!.DeepClone(), (string)row["answer"]!), slices), score => Assert.Equal(1.0, score));
        }
    }

    [Fact]
    public void Problems_that_do_not_say_what_their_parts_come_to_are_refused_by_name()
    {
        var error = Assert.Throws<UsageException>(() => PartCredit.Require([Of(null, "5"), new Problem("real-7", "How many?", "5", null, "", "", [])], "mine.jsonl"));

        Assert.Contains("'real-7' of mine.jsonl", error.Message, StringComparison.Ordinal);
    }

    private static Problem Of(JsonObject? search, string answer) => new("p", "text", answer, null, "", "train", new JsonObject { ["search"] = search });
}
