using ParallelR1.Grading.Semantic.Sentences;

namespace ParallelR1.Grading.Semantic;

/// <summary>From the text of an answer to its meaning.</summary>
internal static class AnswerReader
{
    /// <summary>Characters beyond which an answer is compared as text only.</summary>
    private const int MaximumLength = 8000;

    public static ReadAnswer Read(string text, Budget budget)
    {
        if (text.Length > MaximumLength || Lexer.Read(Decorations.Strip(text)) is not { } tokens)
            return new ReadAnswer(text, null, null);
        budget.Spend(1 + tokens.Count);
        return Understand(tokens, budget) with { Text = text };
    }

    /// <summary>The meaning of tokens that are one answer.</summary>
    public static ReadAnswer Understand(List<Token> tokens, Budget budget) => new(
        "",
        tokens,
        SpeaksInFirstPerson(tokens) ? null : Recognizers.Read(tokens, budget) ?? Parser.ParseAll(tokens, 0, tokens.Count, budget) ?? RelationWords.Read(tokens, budget) ?? AfterEquals(tokens, budget));

    /// <summary>Whether "I'm", "I'd" or the like stands there, whose I is no number.</summary>
    private static bool SpeaksInFirstPerson(List<Token> tokens)
    {
        for (var i = 0; i + 2 < tokens.Count; i++)
        {
            if (tokens[i + 1].Kind == TokenKind.Prime && tokens[i] is { Kind: TokenKind.Word, Text: "I" } && tokens[i + 2] is { Kind: TokenKind.Word, Space: false, Text: "m" or "d" or "ll" or "ve" })
                return true;
        }

        return false;
    }

    /// <summary>The right side of an equation whose left side is not understood: a label, or a function that is not known here.</summary>
    private static Node? AfterEquals(List<Token> tokens, Budget budget)
    {
        var at = tokens.FindLastIndex(t => t is { Kind: TokenKind.Relation, Text: "=" });
        if (at <= 0 || at > 40 || tokens[at].Segment != tokens[0].Segment || tokens[^1].Segment != tokens[0].Segment
            || tokens.Exists(t => t.Kind == TokenKind.Relation && t.Text != "="))
            return null;
        var first = FirstEquals(tokens);
        if (first < 0)
            return null;
        var isFormula = tokens.Exists(t => t.Kind is TokenKind.Function or TokenKind.BigOperator or TokenKind.Unknown)
            && !tokens.Exists(t => t.Kind == TokenKind.Word && t.Text.Length > 3 && !t.IsText);
        for (var i = 0; i < first; i++)
        {
            var word = tokens[i].Kind == TokenKind.Word;
            if (tokens[i].Segment == 0 && !isFormula ? !IsLabel(tokens[i].Kind) : tokens[i].Kind is TokenKind.PlusMinus or TokenKind.Dots)
                return null;
            if (word && (Lexicon.IsHedge(tokens[i].Text.ToLowerInvariant()) || tokens[i].Text is "let" or "Let"))
                return null;
        }

        if (Parser.ParseAll(tokens, 0, first, budget) is { } left && !left.Contains(NodeKind.Symbol) && !left.Contains(NodeKind.Choice) && left.IsExpression)
            return null;
        var right = Parser.ParseAll(tokens, first + 1, tokens.Count, budget);
        // "The values are x = 3 and y = 5": the label is the first of several names.
        return right is { Kind: NodeKind.List } && Array.Exists(right.Items, i => i.Kind == NodeKind.Relation) ? Parser.ParseAll(tokens, first - 1, tokens.Count, budget) : right;
    }

    /// <summary>The first equals sign outside of brackets ("P(sum = 6) = 5/36"); −1 without one.</summary>
    private static int FirstEquals(List<Token> tokens)
    {
        var depth = 0;
        for (var i = 0; i < tokens.Count; i++)
        {
            depth += tokens[i].Kind switch { TokenKind.ParenOpen or TokenKind.BracketOpen => 1, TokenKind.ParenClose or TokenKind.BracketClose => -1, _ => 0 };
            if (depth <= 0 && tokens[i] is { Kind: TokenKind.Relation, Text: "=" })
                return i;
        }

        return -1;
    }

    private static bool IsLabel(TokenKind kind) =>
        kind is TokenKind.Word or TokenKind.Mark or TokenKind.GroupOpen or TokenKind.GroupClose or TokenKind.Symbol or TokenKind.Underscore or TokenKind.ParenOpen
            or TokenKind.ParenClose;
}
