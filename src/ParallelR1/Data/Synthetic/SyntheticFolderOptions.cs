namespace ParallelR1.Data.Synthetic;

/// <summary>Seed and number of rows of a folder of synthetic problems.</summary>
public sealed record SyntheticFolderOptions
{
    /// <summary>Seed of all draws, 0 by default. Test problems of one seed are never training problems of another.</summary>
    public long Seed { get; init; }

    /// <summary>Number of easy training problems, 20,000 by default.</summary>
    public int Easy { get; init; } = 20_000;

    /// <summary>Number of hard training problems, 20,000 by default.</summary>
    public int Hard { get; init; } = 20_000;

    /// <summary>Number of easy test problems, 500 by default.</summary>
    public int EasyTest { get; init; } = 500;

    /// <summary>Number of hard test problems, and of hard validation problems; 500 by default.</summary>
    public int HardTest { get; init; } = 500;

    /// <summary>Number of solutions without tags, 40,000 by default.</summary>
    public int Sequential { get; init; } = 40_000;

    /// <summary>Number of examples in each cold-start file, 10,000 by default.</summary>
    public int ColdStart { get; init; } = 10_000;

    /// <summary>Share of hard problems among the solutions without tags, 0 to 1; 0.25 by default.</summary>
    public double HardShare { get; init; } = SyntheticSets.DefaultHardShare;

    /// <summary>Checks the values; <see cref="SyntheticFolder.Write"/> does it too.</summary>
    /// <exception cref="UsageException">A count is negative, or the share is outside 0 to 1.</exception>
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
