using System.Text.Json.Nodes;

namespace ParallelR1.Data;

/// <summary>The counts and rejections of a preparation.</summary>
public sealed record PreparationReport
{
    /// <summary>Number of rows of the source, including skipped ones.</summary>
    public required int Rows { get; init; }

    /// <summary>Number of problems read.</summary>
    public required int Read { get; init; }

    /// <summary>Rows that were skipped: file, line and fault of each.</summary>
    public required IReadOnlyList<string> BadRows { get; init; }

    /// <summary>Number of cut gold answers that were repaired from the solution's box.</summary>
    public required int RepairedAnswers { get; init; }

    /// <summary>Number of distinct problems that occur more than once, compared exactly.</summary>
    public required int RepeatedProblems { get; init; }

    /// <summary>Number of rows of those problems.</summary>
    public required int RepeatedRows { get; init; }

    /// <summary>Number of those problems whose answers differ.</summary>
    public required int ConflictingProblems { get; init; }

    /// <summary>Number of distinct problems that occur more than once, ignoring white space.</summary>
    public required int RepeatedUpToWhiteSpace { get; init; }

    /// <summary>All problems that were left out, in the order of the source.</summary>
    public required IReadOnlyList<Rejection> Rejections { get; init; }

    /// <summary>Number of problems written.</summary>
    public required int Kept { get; init; }

    /// <summary>Converts the report to JSON, with the id of each rejection.</summary>
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

    /// <summary>Gets the number of rejections for every reason, including zeros.</summary>
    public IEnumerable<(RejectReason Reason, int Count)> Counts() =>
        Enum.GetValues<RejectReason>().Select(reason => (reason, Rejections.Count(r => r.Reason == reason)));

    /// <summary>Gets the name of a reason in JSON and in reports.</summary>
    public static string Name(RejectReason reason) => System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(reason.ToString());
}
