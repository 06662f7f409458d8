namespace ParallelR1.Data.Synthetic;

/// <summary>The split of a synthetic problem. It depends only on the problem's numbers, so splits are disjoint across seeds.</summary>
internal enum SyntheticSplit
{
    /// <summary>Training: about eight problems in ten.</summary>
    Train,

    /// <summary>Validation, for choices made before testing: about one problem in ten.</summary>
    Validation,

    /// <summary>Test: about one problem in ten.</summary>
    Test,
}
