namespace ParallelR1.Evaluation.Arms;

/// <summary>Whether a claim shows.</summary>
public enum FindingVerdict
{
    /// <summary>It shows.</summary>
    Shows,

    /// <summary>It was measured, and does not show.</summary>
    DoesNotShow,

    /// <summary>It was not measured.</summary>
    NotRun,
}

/// <summary>A claim, and what was found.</summary>
/// <param name="Name">The claim.</param>
/// <param name="Verdict">Whether it shows.</param>
/// <param name="Value">The figure that it is about; null: not measured.</param>
/// <param name="Low">Lower end of its 95 % interval.</param>
/// <param name="High">Upper end of it.</param>
/// <param name="Threshold">What the figure is held against.</param>
/// <param name="Condition">The whole condition in words.</param>
/// <param name="Note">What else belongs to it.</param>
public sealed record Finding(string Name, FindingVerdict Verdict, double? Value, double? Low, double? High, double Threshold, string Condition, string Note)
{
    /// <summary>The verdict as files have it.</summary>
    public string VerdictText => Verdict switch
    {
        FindingVerdict.Shows => "shows",
        FindingVerdict.DoesNotShow => "does not show",
        _ => "not run",
    };
}
