namespace ParallelR1.Grading.Semantic.Sentences;

/// <summary>What a <see cref="Term"/> of a sentence is.</summary>
internal enum TermKind
{
    Word,
    Value,

    /// <summary>A comma, a colon, a bracket and the like: words beyond it do not bear on a value.</summary>
    Boundary,

    /// <summary>An equals sign outside of formulas.</summary>
    Equals,

    /// <summary>A sign of a computation outside of formulas.</summary>
    Operator,
}

/// <summary>One word, sign or value of a sentence.</summary>
/// <example><c>It takes 36 minutes, not 40.</c> is Word it, Word takes, Value 36 (unit min), Boundary, Word not, Value 40.</example>
/// <param name="Kind">What it is.</param>
/// <param name="Text">The word in lower case, or the sign.</param>
/// <param name="Value">The value as an answer of its own.</param>
/// <param name="IsFormula">Whether the value is a whole formula or box.</param>
internal sealed record Term(TermKind Kind, string Text, ReadAnswer? Value = null, bool IsFormula = false)
{
    /// <summary>The word as it was written.</summary>
    public string Written { get; init; } = Text;

    /// <summary>Whether the word was written with "'s".</summary>
    public bool IsPossessive { get; init; }

    /// <summary>Whether a unit stands behind the value.</summary>
    public bool HasUnit => Value?.Node?.Kind == NodeKind.Quantity;

    public bool IsWord(string text) => Kind == TermKind.Word && Text == text;
}
