using System.Globalization;

namespace ParallelR1.Evaluation;

/// <summary>What a summary holds: rows of a table, how they compare, accuracy against the cap, and which findings show.</summary>
public sealed record Summary
{
    /// <summary>The rows, in order.</summary>
    public required IReadOnlyList<SummaryRow> Rows { get; init; }

    /// <summary>Rows set against each other, problem by problem; null: none were compared.</summary>
    public IReadOnlyList<Comparison>? Comparisons { get; init; }

    /// <summary>Accuracy at several caps on the critical path; null: not measured.</summary>
    public IReadOnlyList<CurvePoint>? Curve { get; init; }

    /// <summary>The published findings and what became of them here; null: none were asked about.</summary>
    public IReadOnlyList<Finding>? Findings { get; init; }
}

/// <summary>What a row solves under a cap on the critical path.</summary>
/// <param name="Row">The row.</param>
/// <param name="Paths">Paths of a block; null or 1: decoded without blocks.</param>
/// <param name="Cap">Response tokens on the critical path that are allowed.</param>
/// <param name="Fits">Share of the problems whose shortest correct solution fits under the cap; null: not known.</param>
/// <param name="MeanAtK">mean@k under the cap.</param>
/// <param name="Low">Lower end of its 95 % interval.</param>
/// <param name="High">Upper end of it.</param>
/// <param name="SecondsPerAnswer">Median seconds of an answer decoded alone; null: not measured.</param>
public sealed record CurvePoint(string Row, int? Paths, int Cap, double? Fits, double MeanAtK, double Low, double High, double? SecondsPerAnswer);

/// <summary>A published finding, and whether it shows here.</summary>
/// <param name="Name">What was found.</param>
/// <param name="Verdict">Whether it shows.</param>
/// <param name="Value">The figure that decides; null: not measured.</param>
/// <param name="Low">Lower end of its 95 % interval.</param>
/// <param name="High">Upper end of it.</param>
/// <param name="Threshold">What the figure must reach, in words.</param>
/// <param name="Command">How the figure is made again.</param>
/// <param name="Note">What the figure is, and why it could not be decided where it could not.</param>
public sealed record Finding(string Name, FindingVerdict Verdict, double? Value, double? Low, double? High, string Threshold, string Command, string Note)
{
    /// <summary>The verdict in words.</summary>
    public string VerdictText => Text(Verdict);

    /// <summary>A value with four decimals, a smaller one with two digits.</summary>
    internal static string Number(double? value) => value switch
    {
        null => "–",
        { } v when v != 0 && Math.Abs(v) < 0.001 => v.ToString("G2", CultureInfo.InvariantCulture),
        { } v => v.ToString("0.####", CultureInfo.InvariantCulture),
    };

    internal static string Text(FindingVerdict verdict) => verdict switch
    {
        FindingVerdict.Shows => "shows",
        FindingVerdict.DoesNotShow => "does not show",
        FindingVerdict.NotAtThisScale => "not at this scale",
        _ => "not run",
    };
}

/// <summary>What became of a finding.</summary>
public enum FindingVerdict
{
    /// <summary>The rows that decide were not run, or with too few seeds.</summary>
    NotRun,

    /// <summary>It shows.</summary>
    Shows,

    /// <summary>It could have shown, and does not.</summary>
    DoesNotShow,

    /// <summary>What it presupposes is not the case here, so that nothing could show.</summary>
    NotAtThisScale,
}
