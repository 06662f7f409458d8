using ParallelR1.Runs;

namespace ParallelR1.Tests.Runs;

public sealed class RunLockTests
{
    [Fact]
    public void Whoever_starts_and_ends_beside_others_one_run_at_a_time_holds_the_folder()
    {
        using var folder = new TemporaryFolder();
        var (inside, most, taken) = (0, 0, 0);
        Parallel.For(0, 400, new ParallelOptions { MaxDegreeOfParallelism = 8 }, _ =>
        {
            try
            {
                using var held = new RunLock(folder.FullPath);
                var now = Interlocked.Increment(ref inside);
                if (now > 1)
                    Interlocked.Exchange(ref most, now);
                Interlocked.Increment(ref taken);
                Thread.Yield();
                Interlocked.Decrement(ref inside);
            }
            catch (Exception e) when (e is UsageException or IOException)
            {
            }
        });

        Assert.Equal(0, most);
        Assert.True(taken > 0);
    }
}
