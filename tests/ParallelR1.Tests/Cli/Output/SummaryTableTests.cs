using ParallelR1.Cli.Output;
using ParallelR1.Evaluation;

namespace ParallelR1.Tests.Cli.Output;

public sealed class SummaryTableTests
{
    [Fact]
    public void Rows_show_shares_in_percent_and_a_dash_where_a_suite_was_not_run()
    {
        var suite = new SuiteSummary { Problems = 2, Samples = 8, MeanAtK = 0.25, PassAtK = 0.5, PassAtKBootstrap = 0.5, Low = 0.1, High = 0.4 };
        var first = new SummaryRow { Name = "base [1]", Grader = "strict", ParallelRatio = 1, WellFormedRatio = 0.905, Suites = [new("hard", suite)], TokensTotal = 300, TokensCriticalPath = 200 };
        var second = new SummaryRow { Name = "sft", Grader = "strict", Suites = [new("easy", suite)] };
        var console = new TextConsole(160);

        SummaryTable.Write(console.Console, [first, second]);

        var row = Assert.Single(console.Lines, line => line.Contains("base [1]", StringComparison.Ordinal));
        Assert.Equal(["base [1]", "100.0", "90.5", "25.0 / 50.0 [10.0, 40.0]", "-", "19", "12"], row.Trim('│').Split('│').Select(cell => cell.Trim()));
        Assert.Contains(console.Lines, line => line.Contains("mean@8 / pass@8 [95 %]", StringComparison.Ordinal));
    }

    [Fact]
    public void Into_a_pipe_which_has_no_width_a_table_is_as_wide_as_it_is()
    {
        var suites = Enumerable.Range(1, 9).Select(i => new KeyValuePair<string, SuiteSummary>($"synthetic-hard-{i}", new SuiteSummary { Problems = 2, Samples = 8, MeanAtK = 0, PassAtK = 0, PassAtKBootstrap = 0, Low = 0, High = 0 }));
        var console = new TextConsole(80);

        SummaryTable.Write(console.Console, [new SummaryRow { Name = "base", Grader = "strict", Suites = [.. suites] }]);

        Assert.Equal(9, Assert.Single(console.Lines, line => line.Contains("base", StringComparison.Ordinal)).Split("0.0 / 0.0 [0.0, 0.0]").Length - 1);
        Assert.Equal(80, console.Console.Profile.Width);
    }
}
