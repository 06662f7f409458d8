namespace ParallelR1.Data.Synthetic;

/// <summary>How much a synthetic problem asks for.</summary>
internal enum SyntheticDifficulty
{
    /// <summary>Two to four steps of small arithmetic, like a grade-school set.</summary>
    Easy,

    /// <summary>More steps, searches, larger numbers and numbers that do not matter, like a contest set.</summary>
    Hard,
}
