namespace ParallelR1.Tokenization;

/// <summary>One step of a compiled pattern.</summary>
/// <param name="Kind">What it does.</param>
/// <param name="Set">The characters that <see cref="RegexInstructionKind.Set"/> takes.</param>
/// <param name="Target">Where it goes on (for Split: first).</param>
/// <param name="Other">Where Split goes on when the first way fails.</param>
/// <param name="Negated">A look-ahead that must not match.</param>
internal sealed record RegexInstruction(RegexInstructionKind Kind, RegexSet? Set = null, int Target = 0, int Other = 0, bool Negated = false);
