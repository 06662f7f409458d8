using ParquetSharp;
using ParquetSharp.Schema;

namespace ParallelR1.Data.Parquet;

/// <summary>The schema as a tree of <see cref="RowNode"/> and the columns at its leaves.</summary>
internal sealed class SchemaTree
{
    /// <summary>Maximum nesting depth of a schema.</summary>
    public const int MaxDepth = 64;

    private readonly SchemaDescriptor _schema;
    private readonly List<LeafColumn> _columns = [];

    private SchemaTree(SchemaDescriptor schema)
    {
        _schema = schema;
        using var root = schema.GroupNode;
        Root = new StructNode("", 0, 0, 0, ReadMembers(root, "", 0, 0, 0));
    }

    public StructNode Root { get; }

    public IReadOnlyList<LeafColumn> Columns => _columns;

    /// <summary>Creates the tree.</summary>
    /// <exception cref="InputException">The schema is damaged or not supported.</exception>
    public static SchemaTree Build(SchemaDescriptor schema) => new(schema);

    private RowNode[] ReadMembers(GroupNode parent, string path, int definition, int repetition, int depth)
    {
        var members = new RowNode[parent.FieldCount];
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < members.Length; i++)
        {
            using var field = parent.Field(i);
            members[i] = ReadField(field, path, definition, repetition, depth + 1);
            if (!names.Add(members[i].Name))
                throw new InputException($"two columns are both called '{members[i].Name}'; rename one");
        }

        return members;
    }

    private RowNode ReadField(Node field, string parentPath, int definition, int repetition, int depth)
    {
        if (depth > MaxDepth)
            throw new InputException($"the schema nests deeper than {MaxDepth} levels");
        var path = parentPath.Length == 0 ? field.Name : $"{parentPath}.{field.Name}";
        if (field.Repetition == Repetition.Repeated)
        {
            var item = ReadBody(field, path, 0, definition + 1, repetition + 1, depth);
            return new ListNode(field.Name, 0, definition + 1, repetition + 1, item);
        }

        var present = field.Repetition == Repetition.Optional ? ++definition : 0;
        if (field is GroupNode { FieldCount: 1 } group && TypeOf(field) is LogicalTypeEnum.List or LogicalTypeEnum.Map)
        {
            using var repeated = group.Field(0);
            if (repeated.Repetition == Repetition.Repeated)
                return ReadList(group, repeated, path, present, definition, repetition, depth);
        }

        return ReadBody(field, path, present, definition, repetition, depth);
    }

    // group NAME (LIST) { repeated group list { optional TYPE element } }, and the older spellings without the middle group.
    private ListNode ReadList(GroupNode list, Node repeated, string path, int present, int definition, int repetition, int depth)
    {
        var repeatedPath = $"{path}.{repeated.Name}";
        if (repeated is GroupNode { FieldCount: 1 } middle && TypeOf(list) == LogicalTypeEnum.List
            && middle.Name != "array" && middle.Name != $"{list.Name}_tuple")
        {
            using var field = middle.Field(0);
            var element = ReadField(field, repeatedPath, definition + 1, repetition + 1, depth + 1);
            return new ListNode(list.Name, present, definition + 1, repetition + 1, element);
        }

        var item = ReadBody(repeated, repeatedPath, 0, definition + 1, repetition + 1, depth + 1);
        return new ListNode(list.Name, present, definition + 1, repetition + 1, item);
    }

    private RowNode ReadBody(Node node, string path, int present, int definition, int repetition, int depth)
    {
        var first = _columns.Count;
        if (node is not GroupNode group)
        {
            _columns.Add(ReadColumn(first, node, path, definition));
            return new ValueNode(node.Name, present, first);
        }

        if (group.FieldCount == 0)
            throw new InputException($"the group '{path}' has no members, which the format does not allow");
        var members = ReadMembers(group, path, definition, repetition, depth);
        return new StructNode(group.Name, present, first, _columns.Count, members);
    }

    private LeafColumn ReadColumn(int index, Node node, string path, int definition)
    {
        if (index >= _schema.NumColumns)
            throw new InputException("the schema is damaged: it has more columns than it says");
        var descriptor = _schema.Column(index);
        if (descriptor.MaxDefinitionLevel != definition)
            throw new InputException($"the schema is damaged: column '{path}' has level {descriptor.MaxDefinitionLevel}, expected {definition}");
        using var type = node.LogicalType;
        return new LeafColumn(path, AnnotationOf(type), descriptor.TypeLength, type is DecimalLogicalType ? descriptor.TypeScale : 0, definition);
    }

    private static LogicalTypeEnum TypeOf(Node node)
    {
        using var type = node.LogicalType;
        return type.Type;
    }

    private static Annotation AnnotationOf(LogicalType type) => type switch
    {
        TimeLogicalType time => Unit(Annotation.TimeMillis, time.TimeUnit),
        TimestampLogicalType stamp => Unit(Annotation.TimestampMillis, stamp.TimeUnit),
        IntLogicalType { IsSigned: false } => Annotation.Unsigned,
        _ => type.Type switch
        {
            LogicalTypeEnum.String or LogicalTypeEnum.Enum or LogicalTypeEnum.Json => Annotation.Text,
            LogicalTypeEnum.Decimal => Annotation.Decimal,
            LogicalTypeEnum.Date => Annotation.Date,
            LogicalTypeEnum.Uuid => Annotation.Uuid,
            LogicalTypeEnum.Float16 => Annotation.Float16,
            LogicalTypeEnum.Bson or LogicalTypeEnum.Interval => Annotation.Bytes,
            _ => Annotation.None,
        },
    };

    private static Annotation Unit(Annotation millis, TimeUnit unit) => unit switch
    {
        TimeUnit.Millis => millis,
        TimeUnit.Micros => millis + 1,
        TimeUnit.Nanos => millis + 2,
        _ => throw new InputException($"the schema is damaged: unknown unit of time '{unit}'"),
    };
}

/// <summary>A node of the schema (a value, a struct or a list) over a contiguous range of columns.</summary>
/// <param name="Name">The key in the parent struct.</param>
/// <param name="PresentAt">Definition level from which on it is not null; 0 if it is never null.</param>
/// <param name="FirstColumn">The first column below.</param>
/// <param name="EndColumn">One past the last column below.</param>
internal abstract record RowNode(string Name, int PresentAt, int FirstColumn, int EndColumn);

/// <summary>A single value of one column.</summary>
internal sealed record ValueNode(string Name, int PresentAt, int FirstColumn)
    : RowNode(Name, PresentAt, FirstColumn, FirstColumn + 1);

/// <summary>Named members.</summary>
internal sealed record StructNode(string Name, int PresentAt, int FirstColumn, int EndColumn, IReadOnlyList<RowNode> Members)
    : RowNode(Name, PresentAt, FirstColumn, EndColumn);

/// <summary>A list.</summary>
/// <param name="Name">The key in the parent struct.</param>
/// <param name="PresentAt">Definition level from which on it is not null.</param>
/// <param name="FilledAt">Definition level from which on it has an element.</param>
/// <param name="Repetition">The repetition level of a further element.</param>
/// <param name="Element">The element of the list.</param>
internal sealed record ListNode(string Name, int PresentAt, int FilledAt, int Repetition, RowNode Element)
    : RowNode(Name, PresentAt, Element.FirstColumn, Element.EndColumn);
