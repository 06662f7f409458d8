namespace ParallelR1.Data.Synthetic;

/// <summary>The difficulty of a synthetic problem.</summary>
internal enum SyntheticDifficulty
{
    /// <summary>Two to four steps of small arithmetic, like a grade-school set.</summary>
    Easy,

    /// <summary>More steps, longer searches, larger numbers and irrelevant numbers, like a contest set.</summary>
    Hard,
}
