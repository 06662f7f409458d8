using ParquetSharp;
using ParquetSharp.Schema;

namespace ParallelR1.Data.Parquet;

/// <summary>A nullable field of the rows that <see cref="ParquetRowWriter"/> writes.</summary>
/// <param name="Name">The key in the parent.</param>
internal abstract record ParquetField(string Name)
{
    /// <summary>Gets the number of leaf columns.</summary>
    public virtual int Columns => 1;

    /// <summary>Gets the schema node of the field.</summary>
    public abstract Node ToNode();
}

/// <summary>Text; other values are written as JSON.</summary>
internal sealed record TextField(string Name) : ParquetField(Name)
{
    public override Node ToNode() => new PrimitiveNode(Name, Repetition.Optional, LogicalType.String(), PhysicalType.ByteArray);
}

/// <summary>64-bit integers.</summary>
internal sealed record IntegerField(string Name) : ParquetField(Name)
{
    public override Node ToNode() => new PrimitiveNode(Name, Repetition.Optional, LogicalType.None(), PhysicalType.Int64);
}

/// <summary>Doubles.</summary>
internal sealed record NumberField(string Name) : ParquetField(Name)
{
    public override Node ToNode() => new PrimitiveNode(Name, Repetition.Optional, LogicalType.None(), PhysicalType.Double);
}

/// <summary>Booleans.</summary>
internal sealed record BooleanField(string Name) : ParquetField(Name)
{
    public override Node ToNode() => new PrimitiveNode(Name, Repetition.Optional, LogicalType.None(), PhysicalType.Boolean);
}

/// <summary>Named members, at least one.</summary>
internal sealed record StructField(string Name, IReadOnlyList<ParquetField> Members) : ParquetField(Name)
{
    public override int Columns => Members.Sum(m => m.Columns);

    public override Node ToNode() => new GroupNode(Name, Repetition.Optional, [.. Members.Select(m => m.ToNode())], null);
}

/// <summary>A list; its element is named <c>element</c>.</summary>
internal sealed record ListField(string Name, ParquetField Element) : ParquetField(Name)
{
    public const string ElementName = "element";

    public override int Columns => Element.Columns;

    public override Node ToNode()
    {
        var list = new GroupNode("list", Repetition.Repeated, [Element.ToNode()], null);
        return new GroupNode(Name, Repetition.Optional, [list], LogicalType.List());
    }
}
