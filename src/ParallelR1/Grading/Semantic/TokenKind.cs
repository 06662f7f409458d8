namespace ParallelR1.Grading.Semantic;

/// <summary>The words of the answer language.</summary>
internal enum TokenKind
{
    End,
    Number,

    /// <summary>A run of letters.</summary>
    Word,

    /// <summary>A Greek letter or another symbol that stands for a value.</summary>
    Symbol,

    /// <summary>A function known by name; the text is the name.</summary>
    Function,

    /// <summary>A mark over or before its argument (<c>\overline</c>, <c>\angle</c>), kept but not interpreted.</summary>
    Mark,

    Fraction,
    Root,
    Binomial,

    /// <summary><c>\sum</c> or <c>\prod</c>.</summary>
    BigOperator,

    /// <summary>Dots that stand for what is left out.</summary>
    Dots,

    /// <summary><c>\over</c> or <c>\choose</c>.</summary>
    Infix,

    Plus,
    Minus,
    PlusMinus,
    Times,
    Divide,
    Caret,
    Underscore,
    Factorial,
    Percent,
    Degree,
    Prime,

    /// <summary>A currency sign; the text is the unit.</summary>
    Currency,

    /// <summary>A relation; the text is one of <c>= &lt; &lt;= &gt; &gt;= != in ~</c>.</summary>
    Relation,

    /// <summary>An operation on sets; the text is <c>cup</c>, <c>cap</c> or <c>minus</c>.</summary>
    SetOperation,

    EmptySet,
    Reals,
    Comma,
    Semicolon,
    Colon,
    Dot,
    Bar,
    GroupOpen,
    GroupClose,
    ParenOpen,
    ParenClose,
    BracketOpen,
    BracketClose,
    SetOpen,
    SetClose,
    FloorOpen,
    FloorClose,
    Begin,
    Finish,
    Cell,
    Row,

    /// <summary>Anything else; no answer with such a token is understood as mathematics.</summary>
    Unknown,
}
