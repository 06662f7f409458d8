using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace ParallelR1.Data.Export;

/// <summary>The results of the first pass over the rows: columns, splits, sources, teachers, and the example for the card.</summary>
internal sealed partial class ExportContents
{
    private const string DefaultSplit = "train";

    private readonly RowShape _shape = new();
    private readonly RandomKey _key;

    public ExportContents(IEnumerable<JsonObject> rows, long seed)
    {
        _key = RandomKey.FromSeed(seed).Fold("card");
        foreach (var row in rows)
            Add(row);
        Fields = _shape.Fields();
    }

    public IReadOnlyList<Parquet.ParquetField> Fields { get; }

    /// <summary>Gets the number of rows of each split, in order of appearance.</summary>
    public OrderedDictionary<string, long> Splits { get; } = new(StringComparer.Ordinal);

    /// <summary>Gets the number of rows of each source named in the rows.</summary>
    public OrderedDictionary<string, long> Sources { get; } = new(StringComparer.Ordinal);

    /// <summary>Gets the number of rows of each teacher named in the rows.</summary>
    public OrderedDictionary<string, long> Teachers { get; } = new(StringComparer.Ordinal);

    public long Rows { get; private set; }

    /// <summary>Gets whether the rows have responses.</summary>
    public bool HasResponses { get; private set; }

    /// <summary>Gets a row drawn uniformly.</summary>
    public JsonObject Example { get; private set; } = [];

    /// <summary>Gets the split of a row if it is a valid name on the hub; otherwise <c>train</c>.</summary>
    public static string SplitOf(JsonObject row) =>
        (RowPath.Text(RowPath.Find(row, "split")) ?? RowPath.Text(RowPath.Find(row, "extra_info.split"))) is { } split && Name().IsMatch(split)
            ? split
            : DefaultSplit;

    private void Add(JsonObject row)
    {
        _shape.Add(row);
        Count(Splits, SplitOf(row));
        if ((RowPath.Text(RowPath.Find(row, "source")) ?? RowPath.Text(RowPath.Find(row, "data_source"))) is { Length: > 0 } source)
            Count(Sources, source);
        if ((RowPath.Text(RowPath.Find(row, "teacher.model")) ?? RowPath.Text(RowPath.Find(row, "teacher"))) is { Length: > 0 } teacher)
            Count(Teachers, teacher);
        HasResponses |= row.ContainsKey("response") || row.ContainsKey("completion") || row.ContainsKey("messages");
        // Reservoir sampling: the n-th row replaces the sample with probability 1/n.
        if (_key.Uniform(Rows++) * Rows < 1)
            Example = row;
    }

    private static void Count(OrderedDictionary<string, long> counts, string name)
    {
        if (!counts.TryAdd(name, 1))
            counts[name]++;
    }

    [GeneratedRegex(@"\A\w+(\.\w+)*\z")]
    private static partial Regex Name();
}
