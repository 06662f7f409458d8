namespace ParallelR1.Grading.Semantic;

/// <summary>One token of an answer.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">Its text: digits of a number, letters of a word, name of a function.</param>
/// <param name="Space">Whether white space stands before it.</param>
/// <param name="IsText">Whether it stands inside <c>\text{}</c> or the like.</param>
/// <param name="Segment">The formula or box that holds it: 0 outside, positive in a formula, negative in a box.</param>
internal readonly record struct Token(TokenKind Kind, string Text, bool Space, bool IsText, int Segment);
