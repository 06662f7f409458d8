namespace ParallelR1.Grading.Semantic;

/// <summary>An answer as read: its tokens, and what they mean if they are understood.</summary>
/// <param name="Text">The text as it was given.</param>
/// <param name="Tokens">Its tokens; null where there are too many.</param>
/// <param name="Node">Its meaning; null where it is compared as text.</param>
internal sealed record ReadAnswer(string Text, List<Token>? Tokens, Node? Node)
{
    /// <summary>The tokens without space and fonts, in lower case: what text answers are compared by.</summary>
    public string Plain => field ??= PlainText.Of(this);
}
