using System.Text.Json;
using System.Text.Json.Nodes;
using ParallelR1.IO;
using ParallelR1.Tokenization;

namespace ParallelR1.Data;

/// <summary>
/// Converts rows to problems: by an explicit mapping of fields to columns, and otherwise by the layouts of published sets
/// (our own record; verl's <c>prompt</c> and <c>reward_model</c>; GSM8K's <c>question</c> and <c>answer</c> with <c>####</c>; MATH's <c>solution</c> with a box).
/// </summary>
internal sealed class RowMapper
{
    private const string Mark = "####";
    private static readonly string[] Fields = ["id", "problem", "answer", "solution", "source", "split"];
    private static readonly string[] ProblemColumns = ["problem", "question", "Problem", "Question", "prompt", "messages"];
    private static readonly string[] AnswerColumns = ["answer", "reward_model.ground_truth", "reference", "final_answer", "expected_answer", "ground_truth", "Answer"];
    private static readonly string[] IdColumns = ["id", "index", "unique_id", "extra_info.problem_id", "extra_info.index", "ID"];
    private static readonly string[] MetaColumns = ["level", "type", "subject", "difficulty", "url", "year"];

    private readonly IReadOnlyDictionary<string, string> _map;
    private readonly bool _mapped;
    private readonly string? _source;
    private readonly string? _split;

    /// <param name="map">Maps fields to columns (dotted paths); <c>meta.NAME</c> fills the meta object. Null if the caller has no such option; errors then do not suggest it.</param>
    /// <param name="source">Name of the set; null to take it from the row.</param>
    /// <param name="split">The split; null to take it from the row.</param>
    /// <exception cref="UsageException">The mapping names an unknown field.</exception>
    public RowMapper(IReadOnlyDictionary<string, string>? map, string? source = null, string? split = null)
    {
        (_map, _mapped, _source, _split) = (map ?? new Dictionary<string, string>(), map is not null, source, split);
        foreach (var field in _map.Keys)
        {
            if (!Fields.Contains(field) && !(field.StartsWith("meta.", StringComparison.Ordinal) && field.Length > 5))
                throw new UsageException($"map: problems have no field '{field}'{NearestName.Suggest(field, Fields)} The fields are {string.Join(", ", Fields)} and meta.NAME");
        }
    }

    /// <summary>Converts a row.</summary>
    /// <exception cref="InputException">Problem or answer was not found; the message lists the columns.</exception>
    public Problem Map(JsonObject row, string name, long number)
    {
        if (Prompt(row) is not { } prompt || string.IsNullOrWhiteSpace(prompt.Text))
            throw Missing(row, "problem", ProblemColumns);
        var solution = Text(row, "solution", ["solution", "extra_info.solution"]);
        var answer = Text(row, "answer", AnswerColumns);
        if (answer is not null && answer.Contains(Mark, StringComparison.Ordinal) && !_map.ContainsKey("solution"))
        {
            solution ??= answer;
            answer = MarkedAnswer(answer);
        }

        // Rows of verl hold GSM8K's worked solution beside the gold answer; other texts in that column are a teacher's.
        if (solution is null && RowPath.Text(RowPath.Find(row, "extra_info.answer")) is { } worked && worked.Contains("\n#### ", StringComparison.Ordinal))
            solution = worked;
        if (answer is null && solution is not null && !_map.ContainsKey("answer"))
            answer = BoxedAnswer.Last(solution);
        if (string.IsNullOrWhiteSpace(answer))
            throw Missing(row, "answer", AnswerColumns);

        var source = _source ?? Text(row, "source", ["source", "data_source"]) ?? name;
        var split = _split ?? Text(row, "split", ["split", "extra_info.split"]) ?? "";
        return new Problem(Id(row, source, split, number), prompt.Text, answer.Trim(), solution, source, split, Meta(row)) { Earlier = prompt.Earlier };
    }

    /// <summary>Gets the text after the last <c>####</c> that is followed by text; null if there is none.</summary>
    private static string? MarkedAnswer(string solution)
    {
        var parts = solution.Split(Mark);
        return parts.Skip(1).LastOrDefault(p => !TexSpace.IsBlank(p)) is { } last ? AnswerCommas.Strip(TexSpace.Trim(last)) : null;
    }

    private string Id(JsonObject row, string source, string split, long number)
    {
        var id = Text(row, "id", IdColumns) ?? number.ToString();
        // A number is unique only within its file.
        return long.TryParse(id, out _) && !_map.ContainsKey("id") ? string.Join('-', new[] { source, split, id }.Where(p => p.Length > 0)) : id;
    }

    private JsonObject Meta(JsonObject row)
    {
        var meta = row["meta"] is JsonObject given ? (JsonObject)given.DeepClone() : [];
        foreach (var column in MetaColumns)
        {
            if (row[column] is JsonValue value && !meta.ContainsKey(column))
                meta[column] = value.DeepClone();
        }

        foreach (var (field, column) in _map)
        {
            if (field.StartsWith("meta.", StringComparison.Ordinal))
                meta[field[5..]] = RowPath.Find(row, column)?.DeepClone();
        }

        return meta;
    }

    private string? Text(JsonObject row, string field, string[] columns) =>
        _map.ContainsKey(field) ? RowPath.Text(Mapped(row, field)) : Find(row, columns, RowPath.Text);

    private JsonNode? Mapped(JsonObject row, string field)
    {
        if (!_map.TryGetValue(field, out var column))
            return null;
        return RowPath.Find(row, column)
            ?? throw new InputException($"no value in column '{column}', which the map names for {field}; the columns are {Columns(row)}");
    }

    private static string? Find(JsonObject row, string[] columns, Func<JsonNode?, string?> read)
    {
        foreach (var column in columns)
        {
            if (read(RowPath.Find(row, column)) is { } text)
                return text;
        }

        return null;
    }

    /// <summary>Reads the problem: a text, or a chat that ends with the user's message. A known template around the text is removed.</summary>
    private (string Text, IReadOnlyList<ChatMessage> Earlier)? Prompt(JsonObject row)
    {
        if (_map.TryGetValue("problem", out var mapped))
            return Prompt(row, mapped, Mapped(row, "problem"));
        foreach (var column in ProblemColumns)
        {
            if (Prompt(row, column, RowPath.Find(row, column)) is { } prompt)
                return prompt;
        }

        return null;
    }

    private static (string Text, IReadOnlyList<ChatMessage> Earlier)? Prompt(JsonObject row, string column, JsonNode? node) => node switch
    {
        JsonArray { Count: > 0 } chat => OfChat(ChatRows.Read(chat, column), column),
        // Our own record keeps the messages before the problem in a separate field.
        JsonValue value when value.GetValueKind() == JsonValueKind.String =>
            (PromptTemplate.Strip(value.GetValue<string>()), row["earlier"] is JsonArray { Count: > 0 } earlier ? ChatRows.Read(earlier, "earlier") : []),
        _ => null,
    };

    private static (string Text, IReadOnlyList<ChatMessage> Earlier) OfChat(List<ChatMessage> chat, string column)
    {
        // A chat for SFT ends with the answer, which is not part of the problem.
        if (column == "messages" && chat.Count > 1 && chat[^1].Role == "assistant")
            chat.RemoveAt(chat.Count - 1);
        return chat[^1] is { Role: "user" } last
            ? (PromptTemplate.Strip(last.Content), [.. chat.Take(chat.Count - 1)])
            : throw new InputException($"'{column}' ends with a message of the role '{chat[^1].Role}', expected one of the user: it is what is asked");
    }

    private InputException Missing(JsonObject row, string field, string[] columns)
    {
        var column = _map.GetValueOrDefault(field) ?? columns.FirstOrDefault(c => RowPath.Find(row, c) is not null);
        var found = column is null ? "" : $"; '{column}' is {JsonText.Describe(RowPath.Find(row, column))}";
        return new($"no {field} found; the columns are {Columns(row)}{found}. Say which one it is with {(_mapped ? "" : "data prepare, which writes a file that every command reads: ")}--map {field}=COLUMN");
    }

    private static string Columns(JsonObject row) => row.Count == 0 ? "none" : string.Join(", ", row.Select(c => c.Key).Take(30));
}

/// <summary>Parses mappings of fields to columns, written as <c>field=column</c>.</summary>
public static class FieldMap
{
    /// <summary>Parses pairs such as <c>answer=reward_model.ground_truth</c>.</summary>
    /// <param name="pairs">The pairs.</param>
    /// <param name="name">Their name in error messages: <c>--map</c>, or a key of a recipe.</param>
    /// <returns>Field to column.</returns>
    /// <exception cref="UsageException">A pair has another form, or a field occurs twice.</exception>
    public static Dictionary<string, string> Parse(IEnumerable<string> pairs, string name)
    {
        ArgumentNullException.ThrowIfNull(pairs);
        var map = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in pairs)
        {
            if (pair.IndexOf('=', StringComparison.Ordinal) is not (> 0 and var equals) || equals == pair.Length - 1)
                throw new UsageException($"{name} {pair}: expected field=column, such as answer=reward_model.ground_truth");
            if (!map.TryAdd(pair[..equals], pair[(equals + 1)..]))
                throw new UsageException($"{name} names {pair[..equals]} twice");
        }

        return map;
    }
}
