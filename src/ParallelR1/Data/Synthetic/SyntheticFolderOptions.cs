namespace ParallelR1.Data.Synthetic;

/// <summary>How much goes into a folder of synthetic problems.</summary>
public sealed record SyntheticFolderOptions
{
    /// <summary>Everything is drawn from it. Test problems of one seed are never training problems of another.</summary>
    public long Seed { get; init; }

    /// <summary>Easy training problems.</summary>
    public int Easy { get; init; } = 20_000;

    /// <summary>Hard training problems.</summary>
    public int Hard { get; init; } = 20_000;

    /// <summary>Easy test problems.</summary>
    public int EasyTest { get; init; } = 500;

    /// <summary>Hard test problems.</summary>
    public int HardTest { get; init; } = 500;

    /// <summary>Solutions without tags.</summary>
    public int Sequential { get; init; } = 40_000;

    /// <summary>Parallel solutions of easy problems.</summary>
    public int ColdStart { get; init; } = 10_000;

    /// <summary>Share of hard problems among the sequential solutions, 0 to 1.</summary>
    public double HardShare { get; init; } = SyntheticSets.DefaultHardShare;

    /// <exception cref="UsageException">A count is negative, or the share is outside of its range.</exception>
    public void Validate()
    {
        foreach (var (name, count) in new[] { ("easy", Easy), ("hard", Hard), ("easy test", EasyTest), ("hard test", HardTest), ("sequential", Sequential), ("cold-start", ColdStart) })
        {
            if (count < 0)
                throw new UsageException($"the number of {name} rows is {count}; it must not be negative");
        }

        if (HardShare is not (>= 0 and <= 1))
            throw new UsageException($"the share of hard problems is {HardShare}; it must be from 0 to 1");
    }
}
