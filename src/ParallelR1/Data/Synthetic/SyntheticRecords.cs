using System.Text.Json.Nodes;

namespace ParallelR1.Data.Synthetic;

/// <summary>Converts synthetic problems and solutions to rows.</summary>
internal static class SyntheticRecords
{
    /// <summary>Field of <c>meta</c> that holds the result of a wrong path, where there is one.</summary>
    public const string WrongResult = "wrong_result";

    public static JsonObject Problem(string id, SyntheticProblem problem) => new()
    {
        ["id"] = id,
        ["problem"] = problem.Text,
        ["answer"] = problem.Answer.ToString(),
        ["solution"] = SyntheticProblem.Sequential(problem.First),
        ["source"] = SyntheticSets.Source,
        ["split"] = Lower(problem.Split),
        ["meta"] = new JsonObject
        {
            ["difficulty"] = Lower(problem.Difficulty),
            ["kind"] = problem.Kind,
            ["other_solution"] = SyntheticProblem.Sequential(problem.Second),
            ["search"] = problem.Search is { } search ? Search(search) : null,
        },
    };

    // The value of each number of the range, so that the result of a path can be checked against its own slice.
    private static JsonObject Search(RangeSearch search) => new()
    {
        ["goal"] = Lower(search.Goal),
        ["low"] = search.Low,
        ["values"] = new JsonArray([.. Enumerable.Range(search.Low, search.Length).Select(x => search.Scan(x, x).Result is { } value ? (JsonNode?)value : null)]),
    };

    public static JsonObject Sequential(string id, SyntheticProblem problem, RandomKey key) =>
        Solution(id, problem, problem.Sequential(key.Fold("sequential")));

    public static JsonObject Parallel(string id, SyntheticProblem problem, RandomKey key, SolutionForm form, SyntheticRoute? wrong = null)
    {
        var row = Solution(id, problem, problem.Parallel(key.Fold("parallel"), form, wrong));
        if (wrong is null || problem.Search is not null)
            return row;
        row["meta"]![WrongResult] = wrong.Result;
        var paths = ((string)row["response"]!).Split("<Path>");
        row["paths_without_loss"] = new JsonArray(Array.FindIndex(paths, path => path.Contains($"{wrong.Text}</Path>", StringComparison.Ordinal)));
        return row;
    }

    private static JsonObject Solution(string id, SyntheticProblem problem, string response) => new()
    {
        ["id"] = id,
        ["problem"] = problem.Text,
        ["response"] = response,
        ["answer"] = problem.Answer.ToString(),
        ["source"] = SyntheticSets.Source,
        ["split"] = Lower(problem.Split),
        ["meta"] = new JsonObject { ["difficulty"] = Lower(problem.Difficulty), ["kind"] = problem.Kind },
    };

    private static string Lower(Enum value) => value.ToString().ToLowerInvariant();
}
