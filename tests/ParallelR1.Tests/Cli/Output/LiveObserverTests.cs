using ParallelR1.Cli.Output;

namespace ParallelR1.Tests.Cli.Output;

public sealed class LiveObserverTests
{
    [Fact]
    public void Every_activity_has_a_bar_and_messages_stand_above()
    {
        var console = new TextConsole(120, live: true);
        using (var observer = new LiveObserver(console.Console))
        {
            observer.Say("begins");
            observer.Report(new RunProgress("rl", 3, 30, "reward [0.31]"));
            observer.Report(new RunProgress("tokens", 12, 0));
            observer.Report(new RunProgress("rl", 30, 30));
        }

        Assert.Contains("begins", console.Text, StringComparison.Ordinal);
        Assert.Contains("rl 30/30", console.Text, StringComparison.Ordinal);
        Assert.Contains("tokens 12", console.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Reports_after_the_end_are_passed_over_and_nothing_at_all_is_fine()
    {
        var console = new TextConsole(80, live: true);
        var observer = new LiveObserver(console.Console);
        observer.Dispose();
        observer.Report(new RunProgress("late", 1, 2));
        observer.Dispose();

        Assert.DoesNotContain("late", console.Text, StringComparison.Ordinal);
    }
}
