using ParallelR1.Evaluation;
using ParallelR1.Reproduction;
using ParallelR1.Training;
using ParallelR1.Training.Recipes;
using static ParallelR1.Tests.Reproduction.MadeUpRows;

namespace ParallelR1.Tests.Reproduction;

public sealed class FindingsTests
{
    [Fact]
    public void Without_rows_every_finding_is_not_run_and_says_how_to_run_it()
    {
        var findings = Findings.Of(RecipeScale.Mini, Set(Row("base")));

        Assert.All(findings, f => Assert.Equal(FindingVerdict.NotRun, f.Verdict));
        Assert.All(findings, f => Assert.StartsWith("./parallel-r1 reproduce --scale mini --rows ", f.Command, StringComparison.Ordinal));
        Assert.All(findings, f => Assert.StartsWith("not run: ", f.Note, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(0.0, 3.0, FindingVerdict.Shows)]
    [InlineData(1.0, 3.0, FindingVerdict.DoesNotShow)]
    [InlineData(0.0, 0.1, FindingVerdict.NotAtThisScale)]
    public void A_cold_start_is_needed_where_nothing_opens_blocks_without_it(double without, double with, FindingVerdict verdict) =>
        Assert.Equal(verdict, Find("a cold start is needed", Row("ablation-skip-sft", opened: without), Row("unseen-s2", opened: with)).Verdict);

    [Theory]
    [InlineData(4.0, 1.0, FindingVerdict.Shows)]
    [InlineData(4.0, 4.0, FindingVerdict.DoesNotShow)]
    [InlineData(0.5, 0.0, FindingVerdict.NotAtThisScale)]
    public void Blocks_fade_under_accuracy_where_the_cold_start_had_taught_them(double before, double after, FindingVerdict verdict) =>
        Assert.Equal(verdict, Find("under the accuracy reward alone (S1) blocks fade", Row("sft-unseen", opened: before), Row("unseen-s1", opened: after)).Verdict);

    [Theory]
    [InlineData(3.0, FindingVerdict.Shows)]
    [InlineData(0.5, FindingVerdict.DoesNotShow)]
    public void Alternation_keeps_blocks_where_most_of_them_stay(double after, FindingVerdict verdict) =>
        Assert.Equal(verdict, Find("the alternating reward (S2) keeps blocks", Row("sft-unseen", opened: 4), Row("unseen-s2", opened: after)).Verdict);

    [Theory]
    [InlineData("Seen solves more than Unseen", "seen", "unseen-s1")]
    [InlineData("RL on easy problems helps Seen", "seen", "ablation-seen-no-easy-rl")]
    [InlineData("RL on easy problems hurts Unseen", "unseen-s1", "ablation-s1-after-easy-rl")]
    [InlineData("the scaffold raises the ceiling", "mid-training", "control")]
    public void A_difference_shows_in_its_direction_only(string finding, string better, string worse)
    {
        Assert.Equal(FindingVerdict.Shows, Find(finding, Row(better, 3), Row(worse, 2)).Verdict);
        Assert.Equal(FindingVerdict.DoesNotShow, Find(finding, Row(better, 2), Row(worse, 3)).Verdict);
        Assert.Equal(FindingVerdict.DoesNotShow, Find(finding, Row(better, 2), Row(worse, 2)).Verdict);
    }

    [Fact]
    public void The_registered_comparison_needs_ten_points_and_every_one_of_three_seeds()
    {
        Assert.Equal(FindingVerdict.Shows, Registered(3, 3, 3).Verdict);
        Assert.Equal(FindingVerdict.DoesNotShow, Registered(3, 3, 1.9).Verdict);
        Assert.Equal(FindingVerdict.DoesNotShow, Registered(2.2, 2.2, 2.2).Verdict);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(1)]
    public void The_registered_comparison_with_fewer_seeds_is_not_run_and_says_how_many_there_are(double correct)
    {
        Assert.StartsWith("1 of 3 seeds so far: ", Registered(correct).Note, StringComparison.Ordinal);
        var two = Registered(correct, correct);

        Assert.Equal((FindingVerdict.NotRun, (correct - 2) / 4), (two.Verdict, two.Value!.Value));
        Assert.StartsWith("2 of 3 seeds so far: ", two.Note, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.004, 40, FindingVerdict.Shows)]
    [InlineData(0.0, 40, FindingVerdict.DoesNotShow)]
    [InlineData(-0.004, 40, FindingVerdict.DoesNotShow)]
    [InlineData(0.004, 5, FindingVerdict.NotAtThisScale)]
    public void Blocks_move_later_where_the_slope_of_their_position_is_surely_above_zero(double slope, int steps, FindingVerdict verdict)
    {
        var row = Row("unseen-s2", opened: 3) with
        {
            Steps = [.. Enumerable.Range(1, steps).Select(step => new StepFigures(step, 0.5, 0.8, 0.3 + slope * step + 0.02 * Math.Sin(step), 100, 50, 1))],
        };

        Assert.Equal(verdict, Find("blocks move later during training", row).Verdict);
    }

    [Fact]
    public void Only_seeds_that_both_rows_have_are_compared()
    {
        var finding = Find("Seen solves more than Unseen", Row("seen", 3, seed: 1), Row("seen", 0, seed: 2), Row("unseen-s1", 2, seed: 1));

        Assert.Equal((FindingVerdict.Shows, 0.25), (finding.Verdict, finding.Value!.Value));
    }

    // Correct responses of each seed, against 2 of the control.
    private static Finding Registered(params double[] correct) => Find(
        "RL with blocks solves more than RL without",
        [.. correct.SelectMany((right, i) => new[] { Row("ours-numbered", right, seed: i + 1), Row("control", 2, seed: i + 1) })]);

    private static Finding Find(string name, params RowFigures[] rows) => Findings.Of(RecipeScale.Mini, Set(rows)).Single(f => f.Name == name);
}
