using ParallelR1.Cli.Output;

namespace ParallelR1.Tests.Cli.Output;

public sealed class PlainObserverTests
{
    [Fact]
    public void A_line_comes_every_few_seconds_and_at_the_end()
    {
        var (time, output) = (new Clock(), new StringWriter());
        using var observer = new PlainObserver(output, time);
        for (var step = 0; step <= 30; step++, time.Seconds++)
            observer.Report(new RunProgress("rl", step, 30, "reward 0.3"));
        observer.Report(new RunProgress("rl", 30, 30));

        var lines = output.ToString().TrimEnd().Split(Environment.NewLine);
        Assert.Equal("rl: 0/30 (0 %), reward 0.3", lines[0]);
        Assert.Equal("rl: 5/30 (16 %), 25 s left, reward 0.3", lines[1]);
        Assert.Equal("rl: 30/30 (100 %), reward 0.3", lines[^1]);
        Assert.Equal(7, lines.Length);
    }

    [Fact]
    public void Bytes_are_shown_as_people_read_them()
    {
        var output = new StringWriter();
        using var observer = new PlainObserver(output, new Clock());
        observer.Report(new RunProgress("a.bin", 512, 0) { InBytes = true });
        observer.Report(new RunProgress("b.bin", 3 << 20, 6 << 20) { InBytes = true });
        Assert.Equal(["a.bin: 0.5 KiB", "b.bin: 3.0 MiB/6.0 MiB (50 %)"], output.ToString().TrimEnd().Split(Environment.NewLine));
    }

    private sealed class Clock : TimeProvider
    {
        public long Seconds { get; set; }

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => Seconds;
    }
}
