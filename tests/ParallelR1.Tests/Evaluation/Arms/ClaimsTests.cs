using ParallelR1.Evaluation;
using ParallelR1.Evaluation.Arms;

namespace ParallelR1.Tests.Evaluation.Arms;

public sealed class ClaimsTests
{
    [Theory]
    [InlineData(0.12, 0.05, 0.04, -0.02, true)]
    [InlineData(0.09, 0.05, 0.04, -0.02, false)] // less than 10 points
    [InlineData(0.12, -0.01, 0.04, -0.02, false)] // the interval holds 0
    [InlineData(0.12, 0.05, -0.01, -0.02, false)] // a seed goes the other way
    [InlineData(0.12, 0.05, 0.04, -0.04, false)] // worse where both fit
    public void The_lead_at_the_cap_needs_all_of_its_conditions(double difference, double low, double lastSeed, double lowWhereBothFit, bool shows)
    {
        var finding = Claims.OfSameLatency(Of(difference, low, 0.2, 0.1, lastSeed), Of(0, lowWhereBothFit, 0.1, 0));

        Assert.Equal(shows ? FindingVerdict.Shows : FindingVerdict.DoesNotShow, finding.Verdict);
        Assert.Equal((difference, low), (finding.Value, finding.Low));
    }

    [Fact]
    public void A_lead_does_not_show_where_nobody_knows_which_problems_fit() =>
        Assert.Equal(FindingVerdict.DoesNotShow, Claims.OfSameLatency(Of(0.3, 0.2, 0.4, 0.3), null).Verdict);

    [Fact]
    public void A_lead_only_where_the_control_cannot_fit_is_called_more_work()
    {
        Assert.Contains("more work in the same latency", Claims.OfSameLatency(Of(0.3, 0.2, 0.4, 0.3), Of(0, -0.02, 0.02, 0)).Note, StringComparison.Ordinal);
        Assert.DoesNotContain("more work", Claims.OfSameLatency(Of(0.3, 0.2, 0.4, 0.3), Of(0.1, 0.02, 0.2, 0.1)).Note, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-0.02, FindingVerdict.Shows, "not worse")]
    [InlineData(0.01, FindingVerdict.Shows, "better")]
    [InlineData(-0.04, FindingVerdict.DoesNotShow, "worse, or not told apart")]
    public void Equal_tokens_tell_better_not_worse_and_the_rest(double low, FindingVerdict verdict, string word)
    {
        var finding = Claims.OfSameTokens(Of(0.02, low, 0.1, 0.02), 400);

        Assert.Equal(verdict, finding.Verdict);
        Assert.Contains(word, finding.Note, StringComparison.Ordinal);
    }

    [Fact]
    public void Above_base_is_not_enough_without_the_cold_start()
    {
        Assert.Equal(FindingVerdict.Shows, Claims.OfStart(Of(0.2, 0.1, 0.3, 0.2), Of(0.02, 0.01, 0.03, 0.02)).Verdict);
        Assert.Equal(FindingVerdict.DoesNotShow, Claims.OfStart(Of(0.2, 0.1, 0.3, 0.2), Of(0.02, -0.01, 0.03, 0.02)).Verdict);
        Assert.Equal(FindingVerdict.NotRun, Claims.OfStart(Of(0.2, 0.1, 0.3, 0.2), null).Verdict);
    }

    [Fact]
    public void Seconds_show_below_the_share_and_not_where_the_accuracy_is_not_reached()
    {
        var times = AnswerTimes.Of([("s2", 96, [[1.0, 2.0], [1.0, 2.0], [5.0, 2.0]]), ("control", 320, [[2.0, 4.0], [2.0, 4.0], [2.0, 4.0]]), ("control", 256, [[2.0, 2.0], [2.0, 2.0], [2.0, 2.0]])]);

        Assert.Equal((0.5, 0.75), (times.Ratio, times.StrictRatio));
        Assert.Equal((0.5, 0.5), (times.RatioLow, times.RatioHigh));
        Assert.Equal(FindingVerdict.Shows, Claims.OfSeconds(0.5, times, 96).Verdict);
        Assert.Equal(FindingVerdict.DoesNotShow, Claims.OfSeconds(0.5, times with { Ratio = 0.61 }, 96).Verdict);
        Assert.Equal(FindingVerdict.DoesNotShow, Claims.OfSeconds(0.5, null, null).Verdict);
        Assert.Equal(FindingVerdict.NotRun, Claims.OfSeconds(0.5, null, 96).Verdict);
    }

    [Fact]
    public void Figures_of_fewer_than_three_seeds_are_not_judged()
    {
        var claim = Claims.OfSameTokens(Of(0.02, 0.01, 0.1, 0.02), 400);
        var two = Claims.WithSeeds(claim, 2);

        Assert.Equal(claim, Claims.WithSeeds(claim, 3));
        Assert.Equal(claim with { Verdict = FindingVerdict.NotRun, Note = $"not judged: 2 of 3 seeds; {claim.Note}" }, two);
    }

    [Fact]
    public void The_smallest_cap_that_reaches_an_accuracy_is_taken()
    {
        CurvePoint[] row = [Point(256, 0.6), Point(128, 0.5), Point(96, 0.3)];

        Assert.Equal(128, Claims.Reaches(row, 0.45));
        Assert.Null(Claims.Reaches(row, 0.7));

        static CurvePoint Point(int cap, double accuracy) => new("s2", 4, cap, null, accuracy, accuracy, accuracy, null);
    }

    [Fact]
    public void A_control_gains_no_more_when_its_last_step_brings_less_than_a_point()
    {
        Assert.False(Claims.GainsNoMore([0.5]));
        Assert.False(Claims.GainsNoMore([0.5, 0.52]));
        Assert.True(Claims.GainsNoMore([0.4, 0.5, 0.509]));
    }

    private static Comparison Of(double difference, double low, double high, params double[] seeds) => new("s2", "control", "suite", 100, difference, low, high, seeds);
}
