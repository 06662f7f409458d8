namespace ParallelR1.Grading.Semantic;

/// <summary>What a <see cref="Node"/> is. The kinds up to <see cref="PlusMinus"/> make up expressions, the rest whole answers.</summary>
internal enum NodeKind
{
    Number,
    Symbol,
    Pi,
    Euler,
    Imaginary,
    Infinity,
    Sum,
    Product,
    Power,

    /// <summary>A named function of its items.</summary>
    Function,

    /// <summary>Plus or minus its only item; the name is <c>+-</c> or <c>-+</c>.</summary>
    PlusMinus,

    /// <summary>A value (first item) with a unit (name).</summary>
    Quantity,

    /// <summary>Items in order between brackets (name); with two items also an interval.</summary>
    Tuple,

    /// <summary>Items in any order between braces.</summary>
    Set,

    /// <summary>Items in any order; the name is the word between them: <c>and</c>, <c>or</c>, or a comma.</summary>
    List,

    /// <summary>The intersection or difference (name <c>cap</c> or <c>minus</c>) of two sets.</summary>
    SetOperation,

    /// <summary>A union of intervals and sets.</summary>
    Union,

    /// <summary>Sides (items) with relations between them (name, separated by blanks).</summary>
    Relation,

    /// <summary>Rows, each a <see cref="Tuple"/>.</summary>
    Matrix,

    /// <summary>A ratio or a time of day; the name is empty, <c>am</c> or <c>pm</c>.</summary>
    Ratio,

    /// <summary>Digits (name) and base (value).</summary>
    BaseNumber,

    /// <summary>Month and day, and a year if there was one (items).</summary>
    Date,

    /// <summary>Two sides and a modulus (items).</summary>
    Congruence,

    /// <summary>The letter (name) of a multiple choice.</summary>
    Choice,
}
