namespace ParallelR1.Grading.Semantic.Sentences;

/// <summary>Reads "x is greater than 2" as <c>x > 2</c>: relations in words behind a variable.</summary>
internal static class RelationWords
{
    private static readonly (string Words, string Sign)[] s_relations =
    [
        ("is greater than or equal to", ">="), ("is less than or equal to", "<="), ("is at least", ">="), ("is at most", "<="), ("is no more than", "<="),
        ("is no less than", ">="), ("is greater than", ">"), ("is more than", ">"), ("is larger than", ">"), ("is less than", "<"), ("is smaller than", "<"),
        ("is fewer than", "<"),
        ("is either", "="), ("equals either", "="), ("is equal to", "="), ("equals", "="), ("is", "="),
    ];

    /// <summary>The relation, or null where the words are others.</summary>
    public static Node? Read(List<Token> tokens, Budget budget)
    {
        if (tokens.Count < 3 || tokens[0].Kind is not (TokenKind.Word or TokenKind.Symbol) || tokens[0].Text.Length > 1 || tokens[1].Kind != TokenKind.Word
            || tokens[0].Text is "a" or "I")
            return null;
        foreach (var (words, sign) in s_relations)
        {
            var parts = words.Split(' ');
            var i = 0;
            while (i < parts.Length && 1 + i < tokens.Count && tokens[1 + i].Kind == TokenKind.Word && tokens[1 + i].Text.Equals(parts[i], StringComparison.OrdinalIgnoreCase))
                i++;
            if (i < parts.Length)
                continue;
            List<Token> rewritten = [tokens[0], new Token(TokenKind.Relation, sign, true, false, 0), .. tokens.Skip(1 + i)];
            return Parser.ParseAll(rewritten, 0, rewritten.Count, budget);
        }

        return null;
    }
}
