using System.Text.Json.Nodes;

namespace ParallelR1.Data.ColdStart;

/// <summary>Which teacher is asked, and how.</summary>
public sealed class TeacherOptions
{
    /// <summary>The address of the server (<c>http://127.0.0.1:8080</c>), of its API (<c>https://host/v1</c>) or of its chat completions.</summary>
    public required string Address { get; init; }

    /// <summary>The model's name, as the server knows it.</summary>
    public required string Model { get; init; }

    /// <summary>Sent as a bearer token; never written anywhere. Null: none is sent.</summary>
    public string? ApiKey { get; init; }

    /// <summary>Sampling temperature.</summary>
    public double Temperature { get; init; } = 0.7;

    /// <summary>Nucleus sampling.</summary>
    public double TopP { get; init; } = 0.95;

    /// <summary>Tokens of a reply at most, the thinking of thinking models included.</summary>
    public int MaxTokens { get; init; } = 8192;

    /// <summary>What the seeds that are sent are drawn from; each sample of each problem has its own.</summary>
    public long Seed { get; init; }

    /// <summary>Fields put into every request, over those that are there; null as a value takes a field out.</summary>
    public JsonObject? Extra { get; init; }

    /// <summary>How long one request may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How often a failed request is sent again.</summary>
    public int Retries { get; init; } = 6;

    /// <summary>The wait before the first retry; each further one is twice as long.</summary>
    public TimeSpan FirstDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest wait between retries where the server asks for none.</summary>
    public TimeSpan LongestDelay { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>The longest wait that a server may ask for; beyond it the work ends and can be resumed later.</summary>
    public TimeSpan LongestRetryAfter { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Requests a minute at most; null: no limit.</summary>
    public double? RequestsPerMinute { get; init; }

    /// <summary>Tokens of prompts and replies a minute at most; null: no limit.</summary>
    public double? TokensPerMinute { get; init; }

    /// <summary>What decides the text of a reply, for provenance and for telling whether a resumed run asks the same.</summary>
    public JsonObject Sampling()
    {
        var json = new JsonObject { ["temperature"] = Temperature, ["top_p"] = TopP, ["max_tokens"] = MaxTokens, ["seed"] = Seed };
        if (Extra is { Count: > 0 })
            json["extra"] = Extra.DeepClone();
        return json;
    }

    /// <exception cref="UsageException">A value makes no sense; names it.</exception>
    internal void Check()
    {
        if (string.IsNullOrWhiteSpace(Model))
            throw new UsageException("the teacher's model has no name");
        if (!(Temperature is >= 0 and <= 10))
            throw new UsageException($"temperature {Temperature}: expected 0 to 10");
        if (!(TopP is > 0 and <= 1))
            throw new UsageException($"top-p {TopP}: expected more than 0, at most 1");
        if (MaxTokens < 1)
            throw new UsageException($"max-tokens {MaxTokens}: at least 1 is needed");
        if (Timeout <= TimeSpan.Zero || Timeout > TimeSpan.FromDays(1))
            throw new UsageException($"timeout {Timeout.TotalSeconds} s: expected more than 0, at most a day");
        if (Retries is < 0 or > 100)
            throw new UsageException($"retries {Retries}: expected 0 to 100");
        if (RequestsPerMinute is { } requests && !(requests > 0))
            throw new UsageException($"requests a minute {requests}: expected more than 0");
        if (TokensPerMinute is { } tokens && !(tokens > 0))
            throw new UsageException($"tokens a minute {tokens}: expected more than 0");
        if (ApiKey?.Any(c => c is <= ' ' or > '~') == true)
            throw new UsageException("the teacher's API key has characters that no key has (white space or beyond ASCII); was more than the key copied?");
    }
}
