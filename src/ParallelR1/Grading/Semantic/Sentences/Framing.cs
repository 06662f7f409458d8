namespace ParallelR1.Grading.Semantic.Sentences;

/// <summary>Takes the words off that only announce an answer ("Thus, the final answer is …") or follow it ("… I hope it is correct.").</summary>
internal static class Framing
{
    private static readonly string[] Connectives =
    [
        "so", "thus", "therefore", "hence", "then", "finally", "consequently", "accordingly", "clearly", "altogether", "overall", "we get", "we have", "we find", "we obtain",
        "we conclude that", "we see that", "this gives", "this yields", "which gives", "it follows that", "in conclusion", "in summary", "in total", "that is", "i think",
        "and so", "and thus", "and hence", "there are", "there is",
    ];

    private static readonly HashSet<string> Adjectives = ["final", "correct", "right", "desired", "required", "exact", "overall", "numerical", "simplified", "resulting",
        "requested", "full", "only", "unique"];

    private static readonly HashSet<string> Nouns = ["answer", "answers", "result", "solution", "solutions", "value", "values", "option", "choice"];

    /// <summary>The tokens of the answer alone; the same list where no such words stand around it.</summary>
    public static List<Token> Peel(List<Token> tokens)
    {
        var end = WithoutRemarks(tokens);
        var start = 0;
        for (var next = start; next < end; start = next)
        {
            next = Announcement(tokens, start, end);
            if (next == start)
                break;
        }

        return start == 0 && end == tokens.Count ? tokens : tokens.GetRange(start, end - start);
    }

    /// <summary>The index behind a connective or "the answer is" at an index; the index itself where there is none, or nothing follows.</summary>
    private static int Announcement(List<Token> tokens, int start, int end)
    {
        var next = Connective(tokens, start);
        if (next == start)
            next = AnswerIs(tokens, start);
        while (next > start && next < end && tokens[next].Segment == 0 && tokens[next].Kind is TokenKind.Comma or TokenKind.Colon)
            next++;
        return next < end ? next : start;
    }

    private static string Word(List<Token> tokens, int i) =>
        i < tokens.Count && tokens[i].Kind == TokenKind.Word && tokens[i].Segment == 0 ? tokens[i].Text.ToLowerInvariant() : "";

    private static int Connective(List<Token> tokens, int start)
    {
        var first = Word(tokens, start);
        if (first.Length < 2 && first != "i")
            return start;
        foreach (var connective in Connectives)
        {
            if (!connective.StartsWith(first, StringComparison.Ordinal))
                continue;
            var words = connective.Split(' ');
            var i = 0;
            while (i < words.Length && Word(tokens, start + i) == words[i])
                i++;
            if (i == words.Length)
                return start + i;
        }

        return start;
    }

    private static int AnswerIs(List<Token> tokens, int start)
    {
        var i = start;
        if (Word(tokens, i) is "the" or "our" or "my" or "your" or "this" or "its")
            i++;
        while (Adjectives.Contains(Word(tokens, i)))
            i++;
        if (!Nouns.Contains(Word(tokens, i)))
            return start;
        i++;
        if (Word(tokens, i) is "is" or "are" or "equals")
            return Word(tokens, i + 1) is "not" or "n" or "a" ? start : i + 1 + (Word(tokens, i + 1) is "that" or "exactly" or "simply" or "therefore" or "thus" or "then" ? 1 : 0);
        if (Word(tokens, i) is "would" or "must" or "will" or "should" && Word(tokens, i + 1) == "be")
            return i + 2;
        return i < tokens.Count && tokens[i].Segment == 0 && tokens[i].Kind is TokenKind.Colon or TokenKind.Relation && tokens[i].Text is ":" or "=" ? i + 1 : start;
    }

    /// <summary>The end without further sentences that name no value and doubt nothing.</summary>
    private static int WithoutRemarks(List<Token> tokens)
    {
        for (var i = 1; i + 1 < tokens.Count; i++)
        {
            if (tokens[i] is { Kind: TokenKind.Dot, Segment: 0 } && tokens[i + 1] is { Kind: TokenKind.Word, Space: true, Segment: 0 } next && char.IsUpper(next.Text[0])
                && IsRemark(tokens, i + 1))
                return i;
        }

        return WithoutNote(tokens);
    }

    /// <summary>The end without words in brackets that only repeat or describe the answer: "(in lowest terms)", "(twelve)".</summary>
    private static int WithoutNote(List<Token> tokens)
    {
        var open = tokens.Count - 1;
        if (open < 3 || tokens[open].Kind != TokenKind.ParenClose)
            return tokens.Count;
        while (open > 0 && tokens[open].Kind != TokenKind.ParenOpen)
            open--;
        var note = tokens.GetRange(open + 1, tokens.Count - open - 2);
        if (open == 0 || note.Count == 0 || !note.TrueForAll(t => t.Kind == TokenKind.Word && t.Text.Length > 1 || t.Kind == TokenKind.Minus)
            || note.Exists(t => Lexicon.IsHedge(t.Text.ToLowerInvariant()) || Lexicon.After.Contains(t.Text.ToLowerInvariant()) || Lexicon.AfterNumber.Contains(t.Text.ToLowerInvariant())
            || Lexicon.Dismissals.Contains(t.Text.ToLowerInvariant()) || Qualifiers.Notes.Contains(t.Text.ToLowerInvariant())))
            return tokens.Count;
        if (note.Exists(t => t.Text.Equals("base", StringComparison.OrdinalIgnoreCase)))
            return tokens.Count;
        var number = NumberWords.Read(note);
        return number is null || (open == 1 && tokens[0].Kind == TokenKind.Number && NumberText.Parse(tokens[0].Text)?.ToString() == number.ToString()) ? open : tokens.Count;
    }

    private static bool IsRemark(List<Token> tokens, int start)
    {
        for (var i = start; i < tokens.Count; i++)
        {
            var word = tokens[i].Kind == TokenKind.Word && tokens[i].Segment == 0;
            if (!word && tokens[i].Kind is not (TokenKind.Comma or TokenKind.Dot or TokenKind.Factorial or TokenKind.Prime or TokenKind.Colon or TokenKind.ParenOpen
                or TokenKind.ParenClose))
                return false;
            if (word && (Lexicon.IsHedge(tokens[i].Text.ToLowerInvariant()) || (tokens[i].Text.Length == 1 && char.IsUpper(tokens[i].Text[0]) && tokens[i].Text != "I")))
                return false;
        }

        return true;
    }
}
