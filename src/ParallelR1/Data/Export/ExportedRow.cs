using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using ParallelR1.Data.Parquet;
using ParallelR1.IO;

namespace ParallelR1.Data.Export;

/// <summary>Rows as they must come back from the file they were written to.</summary>
internal static class ExportedRow
{
    /// <summary>A row with all the columns of the file: what it lacks is null, what has no column is left out.</summary>
    public static JsonObject Of(JsonObject row, IReadOnlyList<ParquetField> fields) =>
        new(fields.Select(f => KeyValuePair.Create(f.Name, Value(f, row[f.Name]))));

    private static JsonNode? Value(ParquetField field, JsonNode? value) => (field, value) switch
    {
        (_, null) => null,
        (StructField structure, JsonObject members) => Of(members, structure.Members),
        (ListField list, JsonArray items) => new JsonArray([.. items.Select(i => Value(list.Element, i))]),
        (TextField, _) when value.GetValueKind() != JsonValueKind.String => JsonValue.Create(value.ToJsonString(JsonLines.Options)),
        (NumberField, _) => JsonValue.Create(double.Parse(value.ToJsonString(), CultureInfo.InvariantCulture)),
        _ => value.DeepClone(),
    };
}
