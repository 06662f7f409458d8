using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using ParallelR1.Data.Parquet;

namespace ParallelR1.Data.Export;

/// <summary>The kinds of values of a field over all rows, and the column type that can hold them.</summary>
internal sealed class RowShape
{
    private readonly OrderedDictionary<string, RowShape> _members = new(StringComparer.Ordinal);
    private Kinds _kinds;
    private RowShape? _element;

    [Flags]
    private enum Kinds
    {
        None = 0,
        Text = 1,
        Integer = 2,
        Number = 4,
        Boolean = 8,
        Struct = 16,
        List = 32,
    }

    /// <summary>Adds a value.</summary>
    public void Add(JsonNode? value)
    {
        switch (value)
        {
            case null:
                break;
            case JsonObject members:
                _kinds |= Kinds.Struct;
                foreach (var (name, member) in members)
                {
                    if (!_members.TryGetValue(name, out var shape))
                        _members.Add(name, shape = new RowShape());
                    shape.Add(member);
                }

                break;
            case JsonArray items:
                _kinds |= Kinds.List;
                _element ??= new RowShape();
                foreach (var item in items)
                    _element.Add(item);
                break;
            default:
                _kinds |= KindOf(value);
                break;
        }
    }

    /// <summary>Gets the columns of rows of this shape.</summary>
    public IReadOnlyList<ParquetField> Fields() => [.. _members.Select(m => m.Value.ToField(m.Key)).OfType<ParquetField>()];

    // Values of several kinds become text: values other than strings are written as JSON. A struct that is always empty needs no column.
    private ParquetField? ToField(string name)
    {
        switch (_kinds)
        {
            case Kinds.Integer:
                return new IntegerField(name);
            case Kinds.Number or (Kinds.Number | Kinds.Integer):
                return new NumberField(name);
            case Kinds.Boolean:
                return new BooleanField(name);
            case Kinds.Struct:
                var members = Fields();
                return members.Count > 0 ? new StructField(name, members) : null;
            case Kinds.List when _element!.ToField(ListField.ElementName) is { } element:
                return new ListField(name, element);
            default:
                return new TextField(name);
        }
    }

    private static Kinds KindOf(JsonNode value)
    {
        if (value.GetValueKind() is JsonValueKind.True or JsonValueKind.False)
            return Kinds.Boolean;
        if (value.GetValueKind() != JsonValueKind.Number)
            return Kinds.Text;
        var text = value.ToJsonString();
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _))
            return Kinds.Integer;
        // Integers that are too large, and numbers that a double cannot represent.
        return text.AsSpan().ContainsAny('.', 'e', 'E') && double.IsFinite(double.Parse(text, CultureInfo.InvariantCulture)) ? Kinds.Number : Kinds.Text;
    }
}
