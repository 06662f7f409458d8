using System.Text;

namespace ParallelR1.Grading.Semantic;

/// <summary>A node of a parsed answer. Depth is bounded by the parser, so recursion over nodes is too.</summary>
internal sealed class Node(NodeKind kind, string name, BigRational value, params Node[] items)
{
    public static readonly Node Pi = new(NodeKind.Pi, "π");
    public static readonly Node Euler = new(NodeKind.Euler, "e");
    public static readonly Node Imaginary = new(NodeKind.Imaginary, "i");
    public static readonly Node Infinity = new(NodeKind.Infinity, "∞");
    public static readonly Node MinusOne = Number(BigRational.MinusOne);
    public static readonly Node Half = Number(BigRational.Of(1, 2));
    public static readonly Node EmptySet = new(NodeKind.Set, "");
    public static readonly Node Reals = new(NodeKind.Tuple, "()", Negative(Infinity), Infinity);

    public static readonly Node Positive = new(NodeKind.Tuple, "()", Number(0), Infinity);
    public static readonly Node NegativeReals = new(NodeKind.Tuple, "()", Negative(Infinity), Number(0));

    public Node(NodeKind kind, string name, params Node[] items)
        : this(kind, name, default, items)
    {
    }

    public NodeKind Kind { get; } = kind;

    public string Name { get; } = name;

    public BigRational Value { get; } = value;

    public Node[] Items { get; } = items;

    public bool IsExpression => Kind <= NodeKind.PlusMinus;

    public static Node Number(BigRational value) => new(NodeKind.Number, "", value);

    public static Node Number(int value) => Number(BigRational.Of(value));

    public static Node Symbol(string name) => new(NodeKind.Symbol, name);

    public static Node Function(string name, params Node[] items) => new(NodeKind.Function, name, items);

    public static Node Sum(Node a, Node b) => new(NodeKind.Sum, "", a, b);

    public static Node Product(Node a, Node b) => new(NodeKind.Product, "", a, b);

    public static Node Power(Node a, Node b) => new(NodeKind.Power, "", a, b);

    public static Node Quotient(Node a, Node b) => Product(a, Power(b, MinusOne));

    public static Node Negative(Node a) => a.Kind == NodeKind.Number ? Number(-a.Value) : Product(MinusOne, a);

    public static Node Difference(Node a, Node b) => Sum(a, Negative(b));

    /// <summary>Whether any node of the tree is of a kind (and, where given, of a name).</summary>
    public bool Contains(NodeKind kind, string? name = null)
    {
        if (Kind == kind && (name is null || Name == name))
            return true;
        foreach (var item in Items)
        {
            if (item.Contains(kind, name))
                return true;
        }

        return false;
    }

    /// <summary>Whether a letter before a bracket is usually a function rather than a factor.</summary>
    public static bool IsFunctionName(string name) => name is "f" or "g" or "h" or "p" or "q" or "F" or "G" or "H" or "P" or "Q" or "φ" or "phi";

    /// <summary>Whether any node of the tree is a function whose name begins so.</summary>
    public bool ContainsFunction(string prefix) =>
        (Kind == NodeKind.Function && Name.StartsWith(prefix, StringComparison.Ordinal)) || Array.Exists(Items, i => i.ContainsFunction(prefix));

    /// <summary>The tree with a symbol replaced.</summary>
    public Node Substitute(string name, Node by)
    {
        if ((Kind == NodeKind.Symbol || Kind == NodeKind.Imaginary) && Name == name)
            return by;
        return Items.Length == 0 ? this : With(Array.ConvertAll(Items, i => i.Substitute(name, by)));
    }

    /// <summary>The same node with other items.</summary>
    public Node With(params Node[] others) => new(Kind, Name, Value, others);

    public override string ToString()
    {
        var text = new StringBuilder();
        NodeText.Write(text, this);
        return text.ToString();
    }
}
