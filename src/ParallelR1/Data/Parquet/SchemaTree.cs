namespace ParallelR1.Data.Parquet;

/// <summary>The schema as a tree of <see cref="RowNode"/> and the columns at its leaves.</summary>
internal sealed class SchemaTree
{
    /// <summary>How deep a schema may nest.</summary>
    public const int MaxDepth = 64;

    private readonly IReadOnlyList<SchemaElement> _elements;
    private readonly List<Column> _columns = [];
    private int _next;

    private SchemaTree(IReadOnlyList<SchemaElement> elements)
    {
        _elements = elements;
        var root = _elements[_next++];
        Root = new StructNode("", 0, 0, 0, ReadMembers(root, "", 0, 0, 0));
        if (_next != _elements.Count)
            throw new InputException($"the schema is damaged: {_elements.Count - _next} elements belong to no column");
    }

    public StructNode Root { get; }

    public IReadOnlyList<Column> Columns => _columns;

    public static SchemaTree Build(IReadOnlyList<SchemaElement> elements) => new(elements);

    private RowNode[] ReadMembers(SchemaElement parent, string path, int definition, int repetition, int depth)
    {
        if (parent.Children < 0 || parent.Children > _elements.Count - _next)
            throw new InputException($"the schema is damaged: '{parent.Name}' claims {parent.Children} members");
        var members = new RowNode[parent.Children];
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < members.Length; i++)
        {
            members[i] = ReadField(path, definition, repetition, depth + 1);
            if (!names.Add(members[i].Name))
                throw new InputException($"two columns are both called '{members[i].Name}'; rename one");
        }

        return members;
    }

    private RowNode ReadField(string parentPath, int definition, int repetition, int depth)
    {
        if (depth > MaxDepth)
            throw new InputException($"the schema nests deeper than {MaxDepth} levels");
        if (_next >= _elements.Count)
            throw new InputException("the schema is damaged: it ends in the middle");
        var element = _elements[_next++];
        var path = parentPath.Length == 0 ? element.Name : $"{parentPath}.{element.Name}";
        if (element.Repetition == Repetition.Repeated)
        {
            var item = ReadBody(element, path, 0, definition + 1, repetition + 1, depth);
            return new ListNode(element.Name, 0, definition + 1, repetition + 1, item);
        }

        var present = element.Repetition == Repetition.Optional ? ++definition : 0;
        return element is { Type: null, Annotation: Annotation.List or Annotation.Map, Children: 1 } && _next < _elements.Count
            && _elements[_next].Repetition == Repetition.Repeated
            ? ReadList(element, path, present, definition, repetition, depth)
            : ReadBody(element, path, present, definition, repetition, depth);
    }

    // group NAME (LIST) { repeated group list { optional TYPE element } }, and the older spellings without the middle group.
    private ListNode ReadList(SchemaElement list, string path, int present, int definition, int repetition, int depth)
    {
        var repeated = _elements[_next++];
        var repeatedPath = $"{path}.{repeated.Name}";
        var isElement = repeated.Type is not null || repeated.Children != 1 || repeated.Name == "array" || repeated.Name == $"{list.Name}_tuple";
        var element = isElement || list.Annotation == Annotation.Map
            ? ReadBody(repeated, repeatedPath, 0, definition + 1, repetition + 1, depth + 1)
            : ReadField(repeatedPath, definition + 1, repetition + 1, depth + 1);
        return new ListNode(list.Name, present, definition + 1, repetition + 1, element);
    }

    private RowNode ReadBody(SchemaElement element, string path, int present, int definition, int repetition, int depth)
    {
        var first = _columns.Count;
        if (element.Type is { } type)
        {
            if (type == PhysicalType.FixedLenByteArray && element.TypeLength <= 0)
                throw new InputException($"the schema is damaged: column '{path}' has values of {element.TypeLength} bytes");
            _columns.Add(new Column(path, type, element.Annotation, element.TypeLength, element.Scale, definition, repetition));
            return new ValueNode(element.Name, present, first);
        }

        if (element.Children == 0)
            throw new InputException($"the group '{path}' has no members, which the format does not allow");
        var members = ReadMembers(element, path, definition, repetition, depth);
        return new StructNode(element.Name, present, first, _columns.Count, members);
    }
}
