using System.Text.Json.Nodes;

namespace ParallelR1.Data.ColdStart;

/// <summary>
/// A line of <c>examples.jsonl</c> or <c>rejected.jsonl</c>. It has no <c>prompt</c>: the stage that trains on it applies its own prompt
/// template to the problem, not the teacher's.
/// </summary>
internal static class ExampleRecord
{
    public static JsonObject Of(Problem problem, int sample, ExampleVerdict? verdict, ExampleFault? missing, JournalEntry? entry, JsonObject settings)
    {
        var json = new JsonObject
        {
            ["id"] = $"{problem.Id}/{sample}",
            ["problem_id"] = problem.Id,
            ["problem"] = problem.Text,
        };
        if (verdict is not null)
            json["response"] = verdict.Response;
        json["answer"] = problem.Answer;
        json["source"] = problem.Source;
        json["split"] = problem.Split;
        json["meta"] = problem.Meta.DeepClone();
        if (verdict is null || !verdict.IsKept)
        {
            var faults = missing is { } fault ? [fault] : verdict!.Faults;
            json["reasons"] = new JsonArray([.. faults.Select(f => JsonValue.Create(ColdStartReport.Name(f)))]);
        }

        if (verdict is not null)
            json["verdicts"] = Verdicts(verdict);
        json["teacher"] = Teacher(sample, entry, settings);
        if (entry?.Reply is { } reply)
            json["raw"] = reply.Text;
        return json;
    }

    private static JsonObject Verdicts(ExampleVerdict verdict)
    {
        var json = new JsonObject
        {
            ["reward_valid"] = verdict.RewardValid,
            ["filter_valid"] = verdict.FilterValid,
            ["paths"] = new JsonArray([.. verdict.Paths.Select(p => JsonValue.Create(p))]),
            ["grade"] = System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(verdict.Grade.Verdict.ToString()),
            ["extracted"] = verdict.Grade.Extracted,
        };
        if (verdict.SelfBleu is { } selfBleu)
            json["self_bleu"] = Math.Round(selfBleu, 6);
        if (verdict.Errors.Count > 0)
            json["errors"] = new JsonArray([.. verdict.Errors.Select(e => JsonValue.Create(e))]);
        return json;
    }

    private static JsonObject Teacher(int sample, JournalEntry? entry, JsonObject settings)
    {
        var json = settings.DeepClone().AsObject();
        json["sample"] = sample;
        if (entry is null)
            return json;
        json["host"] = entry.Host;
        json["prompt_sha256"] = entry.PromptHash;
        json["time"] = entry.Time;
        json["seconds"] = Math.Round(entry.Seconds, 3);
        if (entry.Message is not null)
            json["message"] = entry.Message;
        if (entry.Reply is not { } reply)
            return json;
        json["attempts"] = reply.Attempts;
        json["model_reported"] = reply.Model;
        json["finish_reason"] = reply.FinishReason;
        json["prompt_tokens"] = reply.PromptTokens;
        json["completion_tokens"] = reply.CompletionTokens;
        return json;
    }
}
