using System.Text.Json.Nodes;

namespace ParallelR1.Data;

/// <summary>What a preparation found and did.</summary>
public sealed record PreparationReport
{
    /// <summary>Rows of the source, bad ones included.</summary>
    public required int Rows { get; init; }

    /// <summary>Problems read.</summary>
    public required int Read { get; init; }

    /// <summary>Rows that could not be used and were skipped: file, line and fault of each.</summary>
    public required IReadOnlyList<string> BadRows { get; init; }

    /// <summary>Gold answers that were cut in the middle and taken from the solution's box.</summary>
    public required int RepairedAnswers { get; init; }

    /// <summary>Distinct problems that occur more than once, letter for letter.</summary>
    public required int RepeatedProblems { get; init; }

    /// <summary>All rows of those.</summary>
    public required int RepeatedRows { get; init; }

    /// <summary>Those of them with differing answers.</summary>
    public required int ConflictingProblems { get; init; }

    /// <summary>Distinct problems that occur more than once where white space does not count.</summary>
    public required int RepeatedUpToWhiteSpace { get; init; }

    /// <summary>Everything that was left out, in the order of the source.</summary>
    public required IReadOnlyList<Rejection> Rejections { get; init; }

    /// <summary>Problems written.</summary>
    public required int Kept { get; init; }

    /// <summary>The report as JSON, each rejection by name.</summary>
    public JsonObject ToJson() => new()
    {
        ["read"] = Read,
        ["bad_rows"] = new JsonArray([.. BadRows.Select(b => JsonValue.Create(b))]),
        ["repaired_answers"] = RepairedAnswers,
        ["repeated_problems"] = RepeatedProblems,
        ["repeated_rows"] = RepeatedRows,
        ["conflicting_problems"] = ConflictingProblems,
        ["repeated_up_to_white_space"] = RepeatedUpToWhiteSpace,
        ["rejected"] = new JsonObject(Counts().Select(c => KeyValuePair.Create<string, JsonNode?>(Name(c.Reason), c.Count))),
        ["kept"] = Kept,
        ["rejections"] = new JsonArray([.. Rejections.Select(r => new JsonObject { ["id"] = r.Id, ["reason"] = Name(r.Reason), ["detail"] = r.Detail })]),
    };

    /// <summary>How many were left out for each reason; all reasons, also those with none.</summary>
    public IEnumerable<(RejectReason Reason, int Count)> Counts() =>
        Enum.GetValues<RejectReason>().Select(reason => (reason, Rejections.Count(r => r.Reason == reason)));

    /// <summary>A reason in JSON and in reports.</summary>
    public static string Name(RejectReason reason) => System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(reason.ToString());
}
