using System.CommandLine;
using System.Text.Json.Nodes;
using ParallelR1.Thinking;

namespace ParallelR1.Cli.Commands;

/// <summary><c>check-format</c>: the format validators over responses.</summary>
internal static class CheckFormatCommand
{
    public static Command Create()
    {
        var lines = new LineOptions();
        var command = new Command(
            "check-format",
            "The format validators: of the rewards, and of the data filter.\n"
            + "Example: echo '{\"id\": 1, \"text\": \"<Parallel><Path>41-12=29</Path><Path>41-18=23</Path></Parallel><Summary>5</Summary>\"}' | parallel-r1 check-format");
        lines.AddTo(command);
        command.SetAction((parsed, cancellation) => Task.FromResult(lines.Run(parsed, Check, cancellation)));
        return command;
    }

    private static JsonObject Check(JsonObject line)
    {
        if (line["text"] is not JsonValue value || !value.TryGetValue<string>(out var text))
            throw new InputException("\"text\" is missing or not a text; expected {\"id\", \"text\"}");
        var report = FormatValidator.Check(text);
        var filter = BracketValidator.Check(text);
        return new JsonObject
        {
            ["id"] = line["id"]?.DeepClone(),
            ["reward_valid"] = report.IsValid,
            ["filter_valid"] = filter.Count == 0,
            ["errors"] = new JsonArray([.. report.Errors.Concat(filter).Select(error => (JsonNode)error)]),
            ["blocks"] = report.Blocks,
            ["paths"] = new JsonArray([.. report.Paths.Select(paths => (JsonNode)paths)]),
        };
    }
}
