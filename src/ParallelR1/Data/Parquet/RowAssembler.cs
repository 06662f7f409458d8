using System.Text.Json.Nodes;

namespace ParallelR1.Data.Parquet;

/// <summary>Assembles rows from the columns of a row group by their levels (Dremel, Melnik et al. 2010).</summary>
internal sealed class RowAssembler(StructNode root, IReadOnlyList<ColumnCursor> columns, long maxValues)
{
    private const long MaxText = 1L << 28;
    private long _values;
    private long _text;

    /// <summary>Reads the next row.</summary>
    public JsonObject Next()
    {
        (_values, _text) = (0, 0);
        return ReadStruct(root, 0);
    }

    private JsonNode? Read(RowNode node, int repetition)
    {
        if (columns[node.FirstColumn].Definition < node.PresentAt)
        {
            Skip(node, repetition);
            return null;
        }

        return node switch
        {
            ValueNode => ToJson(columns[node.FirstColumn].Take(repetition)),
            StructNode structure => ReadStruct(structure, repetition),
            ListNode list => ReadList(list, repetition),
            _ => throw new InvalidOperationException($"no such node: {node}"),
        };
    }

    private JsonObject ReadStruct(StructNode node, int repetition)
    {
        var row = new JsonObject();
        foreach (var member in node.Members)
            row.Add(member.Name, Read(member, repetition));
        return row;
    }

    private JsonArray ReadList(ListNode node, int repetition)
    {
        var items = new JsonArray();
        var first = columns[node.FirstColumn];
        if (first.Definition < node.FilledAt)
        {
            Skip(node, repetition);
            return items;
        }

        items.Add(Read(node.Element, repetition));
        while (!first.AtEnd && first.Repetition == node.Repetition)
            items.Add(Read(node.Element, node.Repetition));
        return items;
    }

    // A null or an empty list has one entry in every column below it, at the same definition level.
    private void Skip(RowNode node, int repetition)
    {
        var level = columns[node.FirstColumn].Definition;
        for (var i = node.FirstColumn; i < node.EndColumn; i++)
        {
            if (columns[i].Definition != level)
                throw new InputException($"the columns below '{node.Name}' disagree on where it is null");
            columns[i].Take(repetition);
        }

        Count(1);
    }

    private JsonValue? ToJson(object? value)
    {
        Count(1);
        switch (value)
        {
            case string text:
                _text += text.Length;
                return _text <= MaxText ? JsonValue.Create(text) : throw new InputException($"a row holds more than {MaxText:N0} characters");
            case long number:
                return JsonValue.Create(number);
            case bool flag:
                return JsonValue.Create(flag);
            case ulong number:
                return JsonValue.Create(number);
            case float number:
                return float.IsFinite(number) ? JsonValue.Create(number) : JsonValue.Create(number.ToString());
            case double number:
                return double.IsFinite(number) ? JsonValue.Create(number) : JsonValue.Create(number.ToString());
            default:
                return null;
        }
    }

    // A few bytes of run lengths can claim any number of elements in one list.
    private void Count(long more)
    {
        _values += more;
        if (_values > maxValues)
            throw new InputException($"a row claims more than {maxValues:N0} values, which this file cannot hold");
    }
}
