namespace ParallelR1.Grading.Semantic;

/// <summary>What a relation says.</summary>
internal enum StatementKind
{
    /// <summary>A value, perhaps with a name on the left.</summary>
    Value,

    /// <summary>An equation between two sides.</summary>
    Equation,

    /// <summary>An inequality or membership.</summary>
    Condition,

    /// <summary>Nothing: sides that are plainly unequal, or the same on both sides.</summary>
    Nothing,
}

/// <summary>A relation understood.</summary>
/// <param name="Kind">What it says.</param>
/// <param name="Name">The variable that is given a value; null where there is none, or where the left side is a mere label.</param>
/// <param name="Left">The value, or the left side of an equation.</param>
/// <param name="Right">The right side of an equation.</param>
internal readonly record struct Statement(StatementKind Kind, string? Name, Node? Left, Node? Right)
{
    /// <summary>Further sides of a chain of equal values that are written in another way, one of them as a percentage.</summary>
    public List<Node>? OtherSides { get; init; }
}
