namespace ParallelR1.Grading.Semantic.Sentences;

/// <summary>Whether a sentence says that a text is the answer: "The function is odd." says odd, "Cindy has the largest number." says Cindy.</summary>
internal static class TextSentence
{
    private static readonly HashSet<string> s_articles = ["the", "a", "an"];

    private static readonly HashSet<string> s_prepositions = ["on", "in", "at", "of", "by", "to", "called", "named", "as", "equation", "graph", "with"];

    private static readonly HashSet<string> s_adverbs = ["always", "therefore", "thus", "hence", "indeed", "simply", "exactly", "clearly", "definitely", "also", "then", "actually", "precisely"];

    private static readonly HashSet<string> s_verbs = ["is", "are", "was", "were", "be", "falls", "fall", "lands", "equals", "becomes", "represents", "describes", "gives",
        "forms", "wins", "won", "has", "had", "have", "gets", "got", "finishes", "finished", "scored", "scores", "earned", "earns", "came", "comes", "paid", "pays", "sold", "sells", "made", "makes", "will"];

    private static readonly HashSet<string> s_relations = ["than", "before", "after", "who", "whom", "whose", "between", "unless", "if", "half", "like", "beats", "versus",
        "opposite", "except", "but", "and", "fails", "fail", "failed", "ceases", "ceased", "stops", "stopped"];

    public static bool States(ReadAnswer gold, ReadAnswer response, Budget budget)
    {
        if (gold.Tokens is null || response.Tokens is null || response.Tokens.Count > 60)
            return false;
        budget.Spend(response.Tokens.Count);
        if (response.Tokens.Exists(t => t.Segment < 0))
            return InSegment(gold, response, t => t.Segment < 0, budget);
        var text = Words(gold.Tokens, articles: false);
        if (text is [var only] && IsReply(response.Tokens, only))
            return true;
        var bare = WithoutRemark(WithoutContractions(response.Tokens));
        if (bare.Count < response.Tokens.Count && text is { Length: > 0 } && Words(bare, articles: false) is { } rest && rest.SequenceEqual(text, StringComparer.OrdinalIgnoreCase))
            return true;
        var sentence = WithoutNoun(Words(WithoutSubject(WithoutPremise(WithoutContrast(bare))), articles: true), text);
        if (text is [_, _, ..] && sentence is not null && bare.Count > sentence.Length && sentence.SequenceEqual(text, StringComparer.OrdinalIgnoreCase))
            return true;
        if (text is not { Length: > 0 } || sentence is null || sentence.Length <= text.Length)
            return InSegment(gold, response, t => t.Segment > 0, budget);
        if (Array.Exists(sentence, w => (Lexicon.IsHedge(w.ToLowerInvariant()) || s_relations.Contains(w.ToLowerInvariant()))
            && !text.Contains(w, StringComparer.OrdinalIgnoreCase)))
            return false;
        return (EndsWith(sentence, text) && (IsPredicate(sentence[..^text.Length]) || (IsVerbal(text) && IsNoun(sentence[..^text.Length])))) || (StartsWith(sentence, text) && IsSubject(sentence[text.Length..]))
            || (sentence.Length > text.Length + 1 && sentence[0].Equals("the", StringComparison.OrdinalIgnoreCase) && StartsWith(sentence[1..], text) && IsSubject(sentence[(1 + text.Length)..]))
            || InSegment(gold, response, t => t.Segment > 0, budget);
    }

    /// <summary>Whether a sentence begins with "yes", "no" and the like as its reply.</summary>
    private static bool IsReply(List<Token> sentence, string text) =>
        text.ToLowerInvariant() is "yes" or "no" or "true" or "false" && sentence.Count > 2 && sentence[0].Text.Equals(text, StringComparison.OrdinalIgnoreCase)
            && sentence[1].Kind == TokenKind.Comma;

    /// <summary>The tokens with "it's" and "isn't" written out; behind a name an "'s" is a possessive.</summary>
    private static List<Token> WithoutContractions(List<Token> tokens)
    {
        if (!tokens.Exists(t => t.Kind == TokenKind.Prime))
            return tokens;
        var result = new List<Token>(tokens);
        for (var i = result.Count - 2; i > 0; i--)
        {
            if (result[i].Kind != TokenKind.Prime || result[i + 1].Kind != TokenKind.Word || result[i - 1].Kind != TokenKind.Word)
                continue;
            var word = result[i - 1].Text;
            if (result[i + 1].Text == "s" && word.ToLowerInvariant() is "it" or "that" or "he" or "she" or "what" or "here")
            {
                result[i + 1] = result[i + 1] with { Text = "is" };
                result.RemoveAt(i);
            }
            else if (result[i + 1].Text == "t" && word.EndsWith('n'))
            {
                result[i + 1] = result[i + 1] with { Text = "not" };
                result[i - 1] = result[i - 1] with { Text = word[..^1] };
                result.RemoveAt(i);
            }
        }

        return result;
    }

    /// <summary>The tokens without what a mark sets off behind the statement: what it is ("Green – that is the last colour") or why ("Green, because it comes next").</summary>
    private static List<Token> WithoutRemark(List<Token> tokens)
    {
        for (var i = 1; i + 2 < tokens.Count; i++)
        {
            if (tokens[i].Segment != 0 || !(tokens[i].Kind is TokenKind.Comma or TokenKind.Minus or TokenKind.Colon or TokenKind.Semicolon or TokenKind.Dot) || !tokens[i + 1].Space || tokens[i + 1].Kind != TokenKind.Word)
                continue;
            var says = tokens[i + 1].Text.ToLowerInvariant() is "that" or "which" or "this" or "it" && tokens[i + 2].Text is "is" or "was" or "has";
            if ((says || tokens[i + 1].Text.ToLowerInvariant() is "because" or "since" or "as")
                && !tokens.Skip(i + 1).Any(t => t.Kind == TokenKind.Word && (says ? Lexicon.IsHedge(t.Text.ToLowerInvariant()) || Qualifiers.Reporting.Contains(t.Text) || t.Text == "what" : Lexicon.Doubts.Contains(t.Text.ToLowerInvariant()) || t.Text == "guess")))
                return tokens.GetRange(0, i);
        }

        return tokens;
    }

    /// <summary>The tokens without a formula at the beginning, of which the rest speaks.</summary>
    private static List<Token> WithoutSubject(List<Token> tokens)
    {
        var end = tokens is [{ Segment: > 0 }, ..] ? tokens.FindIndex(t => t.Segment != tokens[0].Segment) : -1;
        return end > 0 ? tokens.GetRange(end, tokens.Count - end) : tokens;
    }

    /// <summary>The tokens behind ", so" and the like, or behind "Of all …," at the beginning.</summary>
    private static List<Token> WithoutPremise(List<Token> tokens)
    {
        var comma = tokens.FindLastIndex(t => t is { Kind: TokenKind.Comma, Segment: 0 });
        if (comma < 1 || comma + 2 >= tokens.Count)
            return tokens;
        var next = tokens[comma + 1].Text.ToLowerInvariant();
        var concludes = next is "so" or "hence" or "thus" or "therefore";
        return concludes || tokens[0].Text.ToLowerInvariant() is "of" or "among" or "on" or "in" ? tokens.GetRange(comma + (concludes ? 2 : 1), tokens.Count - comma - (concludes ? 2 : 1)) : tokens;
    }

    /// <summary>The words without "function" and the like behind the text, where that stands between an article and a noun.</summary>
    private static string[]? WithoutNoun(string[]? words, string[]? text) =>
        words is [.., "a" or "an" or "the" or "A" or "An" or "The", var adjective, _]
            && text is [var only] && adjective.Equals(only, StringComparison.OrdinalIgnoreCase)
            || (text is [_, .., "many" or "more" or "one"] && words is [.., var thing] && (thing is "solution" or "of" or "them" || thing.EndsWith('s')) && words.Length > text.Length && EndsWith(words[..^1], text)) ? words[..^1] : words;

    /// <summary>The tokens without ", not …" at the end.</summary>
    private static List<Token> WithoutContrast(List<Token> tokens)
    {
        var not = tokens.FindIndex(t => t is { Kind: TokenKind.Word, Text: "not" });
        var but = tokens.FindLastIndex(t => t is { Kind: TokenKind.Word, Text: "but" });
        if (not > 0 && but - not is > 1 and <= 4 && but + 1 < tokens.Count)
            return [.. tokens[..not], .. tokens[(but + 1)..]];
        var comma = tokens.FindLastIndex(t => t.Kind == TokenKind.Comma);
        return comma > 0 && comma + 1 < tokens.Count && tokens[comma + 1] is { Kind: TokenKind.Word, Text: "not" or "ahead" or "followed" or "whereas" or "while" } ? tokens.GetRange(0, comma) : tokens;
    }

    /// <summary>Whether the only formula, or the box, holds the text, and no word around it denies it.</summary>
    private static bool InSegment(ReadAnswer gold, ReadAnswer response, Predicate<Token> isInside, Budget budget)
    {
        var first = response.Tokens!.FindIndex(isInside);
        var last = response.Tokens.FindLastIndex(isInside);
        if (first < 0 || response.Tokens[first].Segment != response.Tokens[last].Segment || (first == 0 && last == response.Tokens.Count - 1))
            return false;
        if (response.Tokens.Where((t, i) => (i < first || i > last) && t.Kind == TokenKind.Word).Any(t => Lexicon.IsHedge(t.Text.ToLowerInvariant())
            || s_relations.Contains(t.Text.ToLowerInvariant())))
            return false;
        return AnswerReader.Understand(response.Tokens.GetRange(first, last - first + 1), budget).Plain == gold.Plain;
    }

    /// <summary>The words, without braces and final marks; null where there is anything else. Lone variables in formulas count as words.</summary>
    private static string[]? Words(List<Token> tokens, bool articles)
    {
        var words = new List<string>();
        foreach (var token in tokens)
        {
            if (token.Kind == TokenKind.Number && articles)
                words.Add(token.Text);
            else if (token.Kind == TokenKind.Word && (articles || words.Count > 0 || !s_articles.Contains(token.Text.ToLowerInvariant())))
                words.Add(token.Text);
            else if (token.Kind is not (TokenKind.Word or TokenKind.Factorial or TokenKind.GroupOpen or TokenKind.GroupClose or TokenKind.Dot or TokenKind.ParenOpen or TokenKind.ParenClose))
                return null;
        }

        return [.. words];
    }

    private static bool EndsWith(string[] sentence, string[] text) => sentence.AsSpan(sentence.Length - text.Length).SequenceEqual(text, StringComparer.OrdinalIgnoreCase);

    private static bool StartsWith(string[] sentence, string[] text) => sentence.AsSpan(0, text.Length).SequenceEqual(text, StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether the text is a predicate itself ("does not exist", "diverges").</summary>
    private static bool IsVerbal(string[] text) => text[0].ToLowerInvariant() is "does" or "do" or "is" or "are" or "has" or "cannot" or "diverges" or "converges" or "exists" or "oscillates";

    /// <summary>Whether nothing but a noun with its article stands before it.</summary>
    private static bool IsNoun(string[] before)
    {
        var words = Array.ConvertAll(before, w => w.ToLowerInvariant());
        return words.Length is > 0 and <= 5 && (s_articles.Contains(words[0]) || words[0] is "this" or "that" or "such" || words is ["it"])
            && !Array.Exists(words, w => w is "other" or "another" || s_verbs.Contains(w) || s_relations.Contains(w) || s_prepositions.Contains(w));
    }

    /// <summary>Whether what stands before the text is a subject without names and a verb that equates.</summary>
    private static bool IsPredicate(string[] before)
    {
        for (var i = 1; i < before.Length; i++)
        {
            if (before[i].Length > 1 && char.IsUpper(before[i][0]) && !before[i].All(char.IsUpper))
                return false;
        }

        var at = before.Length - 1;
        while (at >= 0 && (s_articles.Contains(before[at].ToLowerInvariant()) || s_adverbs.Contains(before[at].ToLowerInvariant()) || s_prepositions.Contains(before[at].ToLowerInvariant())))
            at--;
        // "The theorem is due to Euler", "it was proved by Euler"
        if (at > 0 && before[^1] is "to" or "by" && (before[at] == "due" || before[at].EndsWith("ed", StringComparison.Ordinal) || before[at] is "won" or "given" or "made" or "drawn" or "found" or "written"))
            at--;
        return at < 0 || (before.Length > 1 && before[^1] is "has" or "have" && before.Length < 6 && s_articles.Contains(before[0].ToLowerInvariant())) || before[^1] == "on" || (at > 0 && before[at - 1] is "should" or "must" or "will" && !s_relations.Contains(before[at])) || (s_verbs.Contains(before[at].ToLowerInvariant()) && before[at].ToLowerInvariant() is not ("has" or "had" or "have"));
    }

    /// <summary>Whether what follows the text is a verb and a predicate without other names.</summary>
    private static bool IsSubject(string[] behind)
    {
        // "Cindy ran the fastest"
        if (behind is [_, .., "first" or "most" or "least" or [.., 'e', 's', 't']] && behind.Length < 6 && !behind.Skip(1).Any(w => char.IsUpper(w[0])))
            return true;
        if (!s_verbs.Contains(behind[0].ToLowerInvariant()))
            return false;
        if (behind is ["wins" or "won"])
            return true;
        return !behind.Skip(1).Any(w => char.IsUpper(w[0])) && behind.Length > 1
            && behind[1].ToLowerInvariant() is not ("less" or "fewer" or "taller" or "shorter" or "second" or "last" or "third" or "fourth" or "behind" or "later" or "nothing");
    }
}
