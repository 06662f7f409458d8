namespace ParallelR1.Grading.Algebra;

/// <summary>What the indivisible factors of a normal form are.</summary>
internal enum AtomKind
{
    /// <summary>A variable.</summary>
    Symbol,

    Pi,
    Euler,
    Imaginary,

    /// <summary>A positive integer that was not factored further, with a fractional exponent.</summary>
    Prime,

    /// <summary>A base to a symbolic exponent.</summary>
    Exponential,

    /// <summary>A function or root whose argument is not looked into.</summary>
    Opaque,
}
