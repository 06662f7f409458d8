using System.Text.Json.Nodes;

namespace ParallelR1.Data.ColdStart;

/// <summary>A line of the journal: the result of requesting one sample of one problem.</summary>
internal sealed record JournalEntry
{
    public const string ReplyKind = "reply";
    public const string RefusedKind = "refused";
    public const string FailedKind = "failed";

    public required string Kind { get; init; }

    /// <summary>Id of the problem.</summary>
    public required string Id { get; init; }

    public required int Sample { get; init; }

    /// <summary>Hash of the whole prompt; detects another problem with the same id.</summary>
    public required string PromptHash { get; init; }

    /// <summary>Host and port of the teacher that was asked.</summary>
    public required string Host { get; init; }

    /// <summary>The reply, unchanged; null for the other kinds.</summary>
    public TeacherReply? Reply { get; init; }

    /// <summary>The reason why there is no reply.</summary>
    public string? Message { get; init; }

    /// <summary>The time of writing, UTC.</summary>
    public required string Time { get; init; }

    /// <summary>The duration of the request, including delays.</summary>
    public double Seconds { get; init; }

    public JsonObject ToJson()
    {
        var json = new JsonObject { ["kind"] = Kind, ["id"] = Id, ["sample"] = Sample, ["prompt_sha256"] = PromptHash, ["host"] = Host };
        if (Reply is not null)
        {
            json["text"] = Reply.Text;
            json["finish_reason"] = Reply.FinishReason;
            json["model"] = Reply.Model;
            json["prompt_tokens"] = Reply.PromptTokens;
            json["completion_tokens"] = Reply.CompletionTokens;
            json["attempts"] = Reply.Attempts;
        }

        if (Message is not null)
            json["message"] = Message;
        json["seconds"] = Math.Round(Seconds, 3);
        json["time"] = Time;
        return json;
    }

    /// <summary>Reads an entry.</summary>
    /// <exception cref="InvalidOperationException">A field is missing or of another type (also as <see cref="FormatException"/>).</exception>
    public static JournalEntry Read(JsonObject json)
    {
        var kind = Field<string>(json, "kind");
        if (kind is not (ReplyKind or RefusedKind or FailedKind))
            throw new FormatException($"kind is '{kind}'");
        return new JournalEntry
        {
            Kind = kind,
            Id = Field<string>(json, "id"),
            Sample = Field<int>(json, "sample"),
            PromptHash = Field<string>(json, "prompt_sha256"),
            Host = Field<string>(json, "host"),
            Reply = kind != ReplyKind
                ? null
                : new TeacherReply(
                    Field<string>(json, "text"),
                    (string?)json["finish_reason"],
                    (string?)json["model"],
                    (long?)json["prompt_tokens"],
                    (long?)json["completion_tokens"])
                {
                    Attempts = Field<int>(json, "attempts"),
                },
            Message = (string?)json["message"],
            Seconds = (double?)json["seconds"] ?? 0,
            Time = Field<string>(json, "time"),
        };
    }

    private static T Field<T>(JsonObject json, string name) =>
        json[name] is JsonValue value && value.TryGetValue<T>(out var found) ? found : throw new FormatException($"\"{name}\" is missing or of another type");
}
