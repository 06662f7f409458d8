namespace ParallelR1.Grading.Semantic;

/// <summary>From the text of an answer to its meaning.</summary>
internal static class AnswerReader
{
    /// <summary>Characters beyond which an answer is compared as text only.</summary>
    private const int MaximumLength = 8000;

    public static ReadAnswer Read(string text, Budget budget)
    {
        if (text.Length > MaximumLength || Lexer.Read(text) is not { } tokens)
            return new ReadAnswer(text, null, null);
        budget.Spend(1 + tokens.Count);
        var node = Recognizers.Read(tokens) ?? Parser.ParseAll(tokens, 0, tokens.Count, budget) ?? AfterEquals(tokens, budget);
        return new ReadAnswer(text, tokens, node);
    }

    /// <summary>The right side of an equation whose left side is words.</summary>
    private static Node? AfterEquals(List<Token> tokens, Budget budget)
    {
        var at = tokens.FindLastIndex(t => t is { Kind: TokenKind.Relation, Text: "=" });
        if (at <= 0 || at > 12 || tokens.FindIndex(t => t.Kind == TokenKind.Relation) != at)
            return null;
        for (var i = 0; i < at; i++)
        {
            if (tokens[i].Kind is not (TokenKind.Word or TokenKind.Mark or TokenKind.GroupOpen or TokenKind.GroupClose or TokenKind.Symbol or TokenKind.Underscore))
                return null;
        }

        return Parser.ParseAll(tokens, at + 1, tokens.Count, budget);
    }
}
