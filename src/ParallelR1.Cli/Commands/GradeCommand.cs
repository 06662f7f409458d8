using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using ParallelR1.Grading;
using ParallelR1.IO;

namespace ParallelR1.Cli.Commands;

/// <summary><c>grade</c>: answer extraction and equivalence.</summary>
internal static class GradeCommand
{
    public static Command Create()
    {
        var lines = new LineOptions();
        var grader = new Option<string>("--grader") { Description = "strict, strict-gsm8k or semantic", DefaultValueFactory = _ => "semantic" };
        var raw = new Option<bool>("--raw") { Description = "give the strict graders the response with its tags" };
        var explain = new Option<bool>("--explain") { Description = "add what was extracted, normalised and compared" };
        var command = new Command("grade", "Grades responses against gold answers.\nExample: echo '{\"id\": 1, \"response\": \"Final Answer: 1/2\", \"answer\": \"0.5\"}' | parallel-r1 grade --explain") { grader, raw, explain };
        lines.AddTo(command);
        command.SetAction((parsed, cancellation) =>
        {
            var judge = Graders.ByName(parsed.GetValue(grader)!, parsed.GetValue(raw));
            var withReasons = parsed.GetValue(explain);
            return Task.FromResult(lines.Run(parsed, line => Map(line, judge, withReasons), cancellation));
        });
        return command;
    }

    private static JsonObject Map(JsonObject line, IExplainingGrader grader, bool explain)
    {
        var response = Text(line, "response");
        var answer = line["answer"] is JsonValue { } number && number.GetValueKind() == JsonValueKind.Number ? JsonText.Of(number)! : Text(line, "answer");
        if (!explain)
            return Result(line, grader.Grade(response, answer));
        var found = grader.Explain(response, answer);
        var result = Result(line, found.Grade);
        result["explain"] = new JsonObject
        {
            ["source"] = found.Source,
            ["extracted"] = found.Grade.Extracted,
            ["normalised_response"] = found.NormalisedResponse,
            ["normalised_answer"] = found.NormalisedAnswer,
            ["rule"] = found.Rule,
        };
        return result;
    }

    private static JsonObject Result(JsonObject line, Grade grade) => new()
    {
        ["id"] = line["id"]?.DeepClone(),
        ["verdict"] = grade.Verdict switch
        {
            Verdict.Correct => "correct",
            Verdict.Wrong => "wrong",
            Verdict.NoAnswer => "no_answer",
            _ => "undecided",
        },
        ["extracted"] = grade.Extracted,
    };

    private static string Text(JsonObject line, string field) =>
        line[field] is JsonValue value && value.TryGetValue<string>(out var text) ? text
            : throw new InputException($"expected the text field '{field}', found {line[field]?.ToJsonString() ?? "none"}");
}
