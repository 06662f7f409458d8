using System.Text.Json.Nodes;
using ParallelR1.Tokenization;

namespace ParallelR1.Data.Parquet;

/// <summary>
/// Writes problems as the Parquet schema that verl reads: <c>data_source</c>, <c>prompt</c> (list of struct of content and role),
/// <c>ability</c>, <c>reward_model</c> (struct of ground_truth and style), <c>extra_info</c> (struct of index, problem_id, question, solution, split).
/// </summary>
internal static class VerlParquetWriter
{
    private static readonly ParquetField[] s_fields =
    [
        new TextField("data_source"),
        new ListField("prompt", new StructField(ListField.ElementName, [new TextField("content"), new TextField("role")])),
        new TextField("ability"),
        new StructField("reward_model", [new TextField("ground_truth"), new TextField("style")]),
        new StructField("extra_info",
        [
            new IntegerField("index"), new TextField("problem_id"), new TextField("question"), new TextField("solution"), new TextField("split"),
        ]),
    ];

    /// <summary>Writes a whole file.</summary>
    public static void Write(Stream stream, IEnumerable<Problem> problems) =>
        ParquetRowWriter.Write(stream, s_fields, problems.Select(ToRow));

    private static JsonObject ToRow(Problem problem, int index) => new()
    {
        ["data_source"] = problem.Source,
        ["prompt"] = ChatRows.ToJson([.. problem.Earlier, new ChatMessage("user", problem.Text)]),
        ["ability"] = "math",
        ["reward_model"] = new JsonObject { ["ground_truth"] = problem.Answer, ["style"] = "rule" },
        ["extra_info"] = new JsonObject
        {
            ["index"] = index,
            ["problem_id"] = problem.Id,
            ["question"] = problem.Text,
            ["solution"] = problem.Solution,
            ["split"] = problem.Split,
        },
    };
}
