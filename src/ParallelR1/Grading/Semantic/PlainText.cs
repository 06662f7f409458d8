using System.Text;

namespace ParallelR1.Grading.Semantic;

/// <summary>The plain form of an answer that is compared as text: one spelling for what LaTeX lets one write in several.</summary>
internal static class PlainText
{
    public static string Of(ReadAnswer answer)
    {
        if (answer.Tokens is null)
            return answer.Text.Trim();
        var tokens = WithoutIdleGroups(answer.Tokens);
        var words = tokens.Exists(t => t.Kind == TokenKind.Word && t.Text.Length > 1);
        var text = new StringBuilder();
        var before = TokenKind.End;
        foreach (var token in tokens)
        {
            if (token.Kind == TokenKind.Word && text.Length == 0 && token.Text.ToLowerInvariant() is "the" or "a" or "an" && tokens.Count > 1)
                continue;
            if (token.Kind == TokenKind.GroupOpen && token.Text.Length == 0)
                continue;

            if (before is TokenKind.Word or TokenKind.Number && token.Kind is TokenKind.Word or TokenKind.Number && (token.Space || before == token.Kind))
                text.Append(' ');
            // A dash is written with one hyphen or more.
            if (words && before == TokenKind.Minus && token.Kind == TokenKind.Minus)
                continue;
            before = token.Kind;
            if (token.Kind is TokenKind.Begin or TokenKind.Finish)
                text.Append('[').Append(token.Text).Append(']');
            else
                text.Append(words ? token.Text.ToLowerInvariant() : token.Text);
        }

        return text.ToString();
    }

    /// <summary>Without braces that hold one token or everything; without any where nothing needs them. What is left of a brace is a token without text.</summary>
    private static List<Token> WithoutIdleGroups(List<Token> tokens)
    {
        var opens = new Stack<int>();
        var idle = new bool[tokens.Count];
        var needed = tokens.Exists(t => t.Kind is TokenKind.Caret or TokenKind.Underscore or TokenKind.Fraction or TokenKind.Root or TokenKind.Mark or TokenKind.Unknown
            or TokenKind.Dots or TokenKind.BigOperator);
        var balanced = true;
        for (var i = 0; i < tokens.Count; i++)
        {
            if (tokens[i].Kind == TokenKind.GroupOpen)
            {
                opens.Push(i);
            }
            else if (tokens[i].Kind == TokenKind.GroupClose)
            {
                if (!opens.TryPop(out var open))
                    balanced = false;
                else
                    idle[open] = idle[i] = !needed || i - open == 2 || (open == 0 && i == tokens.Count - 1);
            }
        }

        if (!balanced || opens.Count > 0 || !Array.Exists(idle, i => i))
            return tokens;
        var result = new List<Token>(tokens.Count);
        for (var i = 0; i < tokens.Count; i++)
            result.Add(idle[i] ? tokens[i] with { Kind = TokenKind.GroupOpen, Text = "" } : tokens[i]);
        return result;
    }
}
