using System.Text.Json.Nodes;

namespace ParallelR1.Data.ColdStart;

/// <summary>A row of the yield table: the counts of one source.</summary>
/// <param name="Source">The source, or <c>all</c>.</param>
public sealed record ColdStartYield(string Source)
{
    /// <summary>Number of problems.</summary>
    public int Problems { get; init; }

    /// <summary>Number of answers requested: problems times samples.</summary>
    public int Samples { get; init; }

    /// <summary>Number of answers received.</summary>
    public int Answers { get; init; }

    /// <summary>Number of answers with blocks that both validators accept.</summary>
    public int ValidFormat { get; init; }

    /// <summary>Number of answers with the gold answer, regardless of format.</summary>
    public int Correct { get; init; }

    /// <summary>Number of answers that became examples.</summary>
    public int Kept { get; init; }

    /// <summary>Number of problems with at least one example.</summary>
    public int ProblemsKept { get; init; }

    /// <summary>Divides a count by <see cref="Samples"/>.</summary>
    public double Share(int count) => Samples == 0 ? 0 : (double)count / Samples;

    internal ColdStartYield With(ExampleVerdict? verdict) => this with
    {
        Samples = Samples + 1,
        Answers = Answers + (verdict is null ? 0 : 1),
        ValidFormat = ValidFormat + (verdict?.IsValidFormat == true ? 1 : 0),
        Correct = Correct + (verdict?.Grade.IsCorrect == true ? 1 : 0),
        Kept = Kept + (verdict?.IsKept == true ? 1 : 0),
    };

    internal JsonObject ToJson() => new()
    {
        ["source"] = Source,
        ["problems"] = Problems,
        ["samples"] = Samples,
        ["answers"] = Answers,
        ["valid_format"] = ValidFormat,
        ["correct"] = Correct,
        ["kept"] = Kept,
        ["valid_format_share"] = Math.Round(Share(ValidFormat), 6),
        ["correct_share"] = Math.Round(Share(Correct), 6),
        ["kept_share"] = Math.Round(Share(Kept), 6),
        ["problems_kept"] = ProblemsKept,
    };
}
