using ParallelR1.Cli.Output;

namespace ParallelR1.Tests.Cli.Output;

public sealed class RepeatedActivityTests
{
    [Fact]
    public void An_activity_that_begins_again_is_shown_again()
    {
        using var lines = new StringWriter();
        using var observer = new PlainObserver(lines, TimeProvider.System);

        for (var round = 0; round < 2; round++)
        {
            observer.Report(new RunProgress("evaluating suite", 0, 2));
            observer.Report(new RunProgress("evaluating suite", 2, 2));
            observer.Report(new RunProgress("evaluating suite", 2, 2));
        }

        Assert.Equal(4, lines.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }
}
