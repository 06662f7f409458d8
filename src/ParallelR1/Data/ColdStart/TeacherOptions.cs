using System.Text.Json.Nodes;

namespace ParallelR1.Data.ColdStart;

/// <summary>The teacher model, its server and the sampling.</summary>
public sealed class TeacherOptions
{
    /// <summary>The address of the server (<c>http://127.0.0.1:8080</c>), of its API (<c>https://host/v1</c>) or of its chat completions.</summary>
    public required string Address { get; init; }

    /// <summary>Name of the model on the server.</summary>
    public required string Model { get; init; }

    /// <summary>The API key, sent as a bearer token and never written to a file; null to send none.</summary>
    public string? ApiKey { get; init; }

    /// <summary>Sampling temperature.</summary>
    public double Temperature { get; init; } = 0.7;

    /// <summary>Nucleus sampling (top-p).</summary>
    public double TopP { get; init; } = 0.95;

    /// <summary>Maximum number of tokens of a reply, including the reasoning of reasoning models.</summary>
    public int MaxTokens { get; init; } = 8192;

    /// <summary>Seed from which the seeds of the requests are drawn, one per problem and sample.</summary>
    public long Seed { get; init; }

    /// <summary>Additional fields of every request, which override the default ones; a null value removes a field.</summary>
    public JsonObject? Extra { get; init; }

    /// <summary>Time limit of one request.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Maximum number of retries of a request.</summary>
    public int Retries { get; init; } = 6;

    /// <summary>Delay before the first retry; doubled with each further one.</summary>
    public TimeSpan FirstDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Maximum delay between retries if the server does not ask for one.</summary>
    public TimeSpan LongestDelay { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Maximum delay that a server may ask for; beyond it the run stops, and can be resumed later.</summary>
    public TimeSpan LongestRetryAfter { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Maximum number of requests per minute; null for no limit.</summary>
    public double? RequestsPerMinute { get; init; }

    /// <summary>Maximum number of prompt and completion tokens per minute; null for no limit.</summary>
    public double? TokensPerMinute { get; init; }

    /// <summary>Gets the options that determine the text of a reply, as recorded in the journal and compared when a run is resumed.</summary>
    public JsonObject Sampling()
    {
        var json = new JsonObject { ["temperature"] = Temperature, ["top_p"] = TopP, ["max_tokens"] = MaxTokens, ["seed"] = Seed };
        if (Extra is { Count: > 0 })
            json["extra"] = Extra.DeepClone();
        return json;
    }

    /// <summary>Checks the values.</summary>
    /// <exception cref="UsageException">A value is out of range; the message names it.</exception>
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
