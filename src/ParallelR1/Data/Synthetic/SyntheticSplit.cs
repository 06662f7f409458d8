namespace ParallelR1.Data.Synthetic;

/// <summary>Which side a synthetic problem is on. Its numbers alone decide, so the sides are disjoint whatever the seed.</summary>
internal enum SyntheticSplit
{
    /// <summary>For training.</summary>
    Train,

    /// <summary>For choices that are made before anything is tested: about one set of numbers in ten.</summary>
    Validation,

    /// <summary>For evaluation: about one set of numbers in ten.</summary>
    Test,
}
