using System.Text.Json.Nodes;
using ParallelR1.Tokenization;

namespace ParallelR1.Data;

/// <summary>A problem with its gold answer: the common record of all sets.</summary>
/// <param name="Id">Unique in its set.</param>
/// <param name="Text">The bare problem, without any prompt template (<c>problem</c> in JSON).</param>
/// <param name="Answer">The gold answer, as in the source.</param>
/// <param name="Solution">The worked solution of the source; null if there is none.</param>
/// <param name="Source">Name of the set the problem comes from.</param>
/// <param name="Split"><c>train</c> or <c>test</c>; empty if unknown.</param>
/// <param name="Meta">Further fields of the source (level, type, …).</param>
public sealed record Problem(string Id, string Text, string Answer, string? Solution, string Source, string Split, JsonObject Meta)
{
    /// <summary>The messages before the problem (a system message, earlier turns), empty by default. The problem is the user's next message.</summary>
    public IReadOnlyList<ChatMessage> Earlier { get; init; } = [];

    /// <summary>Gets the problem with the messages before it; two problems are the same if this text is.</summary>
    internal string Whole => Earlier.Count == 0 ? Text : $"{ChatRows.ToJson(Earlier).ToJsonString()}\n{Text}";

    /// <summary>Converts the record to JSON: <c>id, problem, earlier?, answer, solution?, source, split, meta</c>.</summary>
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
