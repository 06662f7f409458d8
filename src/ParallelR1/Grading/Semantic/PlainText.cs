using System.Text;

namespace ParallelR1.Grading.Semantic;

/// <summary>The plain form of an answer that is compared as text.</summary>
internal static class PlainText
{
    public static string Of(ReadAnswer answer)
    {
        if (answer.Tokens is null)
            return answer.Text.Trim();
        var words = answer.Tokens.Exists(t => t.Kind == TokenKind.Word && t.Text.Length > 1);
        var groups = answer.Tokens.Count(t => t.Kind == TokenKind.GroupOpen) != answer.Tokens.Count(t => t.Kind == TokenKind.GroupClose) || answer.Tokens.Exists(t => t.Kind is TokenKind.Caret or TokenKind.Underscore or TokenKind.Fraction or TokenKind.Root or TokenKind.Mark or TokenKind.Unknown);
        var text = new StringBuilder();
        var gap = false;
        foreach (var token in answer.Tokens)
        {
            if (token.Kind == TokenKind.Word && text.Length == 0 && token.Text.ToLowerInvariant() is "the" or "a" or "an" && answer.Tokens.Count > 1)
                continue;
            if (!groups && token.Kind is TokenKind.GroupOpen or TokenKind.GroupClose)
            {
                gap = true;
                continue;
            }

            if ((token.Space || gap) && text.Length > 0 && char.IsLetterOrDigit(text[^1]) && token.Kind is TokenKind.Word or TokenKind.Number)
                text.Append(' ');
            gap = false;
            text.Append(words ? token.Text.ToLowerInvariant() : token.Text);
        }

        return text.ToString();
    }
}
