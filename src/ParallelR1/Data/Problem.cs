using System.Text.Json.Nodes;
using ParallelR1.Tokenization;

namespace ParallelR1.Data;

/// <summary>One problem with its gold answer: the record that every set is turned into.</summary>
/// <param name="Id">Unique in its set.</param>
/// <param name="Text">The bare problem, without any prompt template (<c>problem</c> in JSON).</param>
/// <param name="Answer">The gold answer, as the source gives it.</param>
/// <param name="Solution">The source's worked solution, where it has one.</param>
/// <param name="Source">The set it comes from.</param>
/// <param name="Split"><c>train</c> or <c>test</c>; empty where the source does not say.</param>
/// <param name="Meta">What else the source says (level, type, …).</param>
public sealed record Problem(string Id, string Text, string Answer, string? Solution, string Source, string Split, JsonObject Meta)
{
    /// <summary>The chat before the problem, where the source has one: a system message, earlier turns. The problem is the user's next message.</summary>
    public IReadOnlyList<ChatMessage> Earlier { get; init; } = [];

    /// <summary>Everything that is asked, the chat before the problem included: two problems are the same where this is.</summary>
    internal string Whole => Earlier.Count == 0 ? Text : $"{ChatRows.ToJson(Earlier).ToJsonString()}\n{Text}";

    /// <summary>The record as JSON: <c>id, problem, earlier?, answer, solution?, source, split, meta</c>.</summary>
    public JsonObject ToJson()
    {
        var json = new JsonObject { ["id"] = Id, ["problem"] = Text };
        if (Earlier.Count > 0)
            json["earlier"] = ChatRows.ToJson(Earlier);
        json["answer"] = Answer;
        if (Solution is not null)
            json["solution"] = Solution;
        json["source"] = Source;
        json["split"] = Split;
        json["meta"] = Meta.DeepClone();
        return json;
    }
}
