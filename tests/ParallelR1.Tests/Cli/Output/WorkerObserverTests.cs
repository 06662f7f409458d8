using ParallelR1.Cli.Output;

namespace ParallelR1.Tests.Cli.Output;

public sealed class WorkerObserverTests
{
    [Fact]
    public void What_a_process_tells_is_heard_by_the_one_that_started_it()
    {
        var lines = new StringWriter();
        using (var worker = new WorkerObserver(lines, TimeProvider.System))
        {
            worker.Report(new RunProgress("rl", 3, 60, "reward 0.31"));
            worker.Report(new RunProgress("rl", 4, 60)); // too soon
            worker.Report(new RunProgress("rl", 60, 60));
            worker.Say("control-seed1: already there");
            worker.Say("{not JSON");
        }

        var heard = new Heard();
        foreach (var line in lines.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries))
            WorkerObserver.Relay(line, "2| ", heard);

        Assert.Equal([new RunProgress("2| rl", 3, 60, "reward 0.31"), new RunProgress("2| rl", 60, 60)], heard.Reports);
        Assert.Equal(["2| control-seed1: already there", "2| {not JSON"], heard.Said);
    }

    private sealed class Heard : IRunObserver
    {
        public List<RunProgress> Reports { get; } = [];

        public List<string> Said { get; } = [];

        public void Report(RunProgress progress) => Reports.Add(progress);

        public void Say(string message) => Said.Add(message);
    }
}
