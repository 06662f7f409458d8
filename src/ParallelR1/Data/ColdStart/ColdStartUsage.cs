using System.Text.Json.Nodes;

namespace ParallelR1.Data.ColdStart;

/// <summary>Tokens and cost of the answers.</summary>
public sealed record ColdStartUsage
{
    /// <summary>Number of prompt tokens, as reported by the server.</summary>
    public long PromptTokens { get; init; }

    /// <summary>Number of completion tokens, as reported by the server.</summary>
    public long CompletionTokens { get; init; }

    /// <summary>Number of replies without a token count.</summary>
    public int Uncounted { get; init; }

    /// <summary>Number of retried requests.</summary>
    public long Retries { get; init; }

    /// <summary>Price of the counted tokens; null if the prices are not set.</summary>
    public double? Cost { get; init; }

    internal ColdStartUsage With(TeacherReply reply, ColdStartOptions options)
    {
        var (prompt, completion) = (PromptTokens + (reply.PromptTokens ?? 0), CompletionTokens + (reply.CompletionTokens ?? 0));
        return this with
        {
            PromptTokens = prompt,
            CompletionTokens = completion,
            Uncounted = Uncounted + (reply.PromptTokens is null || reply.CompletionTokens is null ? 1 : 0),
            Retries = Retries + reply.Attempts - 1,
            Cost = options.PromptPrice is null && options.CompletionPrice is null
                ? null
                : (prompt * (options.PromptPrice ?? 0) + completion * (options.CompletionPrice ?? 0)) / 1e6,
        };
    }

    internal JsonObject ToJson()
    {
        var json = new JsonObject
        {
            ["prompt_tokens"] = PromptTokens,
            ["completion_tokens"] = CompletionTokens,
            ["replies_without_count"] = Uncounted,
            ["retries"] = Retries,
        };
        if (Cost is { } cost)
            json["cost"] = Math.Round(cost, 6);
        return json;
    }
}
