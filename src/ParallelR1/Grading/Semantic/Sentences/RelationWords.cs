using System.Collections.Frozen;

namespace ParallelR1.Grading.Semantic.Sentences;

/// <summary>
/// Reads relations in words as formulas: "x is greater than 2 but at most 7" is <c>x > 2 and x &lt;= 7</c>, "y is 5 and x is 3" is <c>y = 5 and x = 3</c>,
/// "all real numbers less than 3" is <c>x &lt; 3</c>.
/// </summary>
internal sealed class RelationWords
{
    private const int MaximumTokens = 60;

    private static readonly (string[] Words, string Sign)[] s_comparisons =
    [
        .. Signs(">=", "greater than or equal to", "more than or equal to", "larger than or equal to", "at least", "no less than", "no smaller than", "not less than", "not smaller than"),
        .. Signs("<=", "less than or equal to", "smaller than or equal to", "at most", "no more than", "no greater than", "no larger than", "not more than", "not greater than"),
        .. Signs(">", "greater than", "more than", "larger than", "bigger than", "above", "exceeds", "must exceed"), .. Signs("<", "less than", "smaller than", "fewer than", "below"),
        .. Signs("!=", "not equal to", "different from", "unequal to", "not"), .. Signs("=", "equal to", "either"), .. Signs("in", "in the interval", "in the set", "in"),
    ];

    private static readonly string[][] s_verbs = [.. Words("is", "are", "was", "must be", "has to be", "have to be", "should be", "can be", "will be", "can be any real number", "can be any number", "can be any value", "is any real number", "is any number", "lies", "lie", "falls", "ranges")];

    private static readonly string[][] s_equals = [.. Words("equals", "equal")];

    private static readonly string[][] s_unequal = [.. Words("cannot be", "can not be", "does not equal", "must not be", "may not be")];

    private static readonly string[][] s_anonymous = [.. Words("all real numbers", "all reals", "all real values", "real numbers", "all real x", "all x", "all numbers", "the numbers", "the interval", "the set of real numbers", "every real number", "any real number", "the real numbers")];

    private static readonly string[][] s_behindAnonymous = [.. Words("that are", "which are", "x that are", "x", "that is")];

    /// <summary>Words that say whether the ends belong to an interval.</summary>
    private static readonly FrozenSet<string> s_ends = Lexicon.Words("inclusive included including exclusive excluded excluding both ends end endpoints the are with its");

    private readonly List<Token> _tokens;
    private readonly List<Token> _written = [];
    private List<Token> _subject = [];
    private int _at;

    private RelationWords(List<Token> tokens) => _tokens = tokens;

    private string Here => WordAt(_at);

    /// <summary>The relations, or null where the words are others.</summary>
    public static Node? Read(List<Token> tokens, Budget budget)
    {
        if (tokens is [{ Kind: TokenKind.Word, Text: "when" or "When" or "if" or "If" or "for" or "For" }, _, _, _, ..])
            tokens = tokens.GetRange(1, tokens.Count - 1);
        if (tokens.Count is < 3 or > MaximumTokens || !(IsVariable(tokens[0]) || tokens[0] is { Kind: TokenKind.Word, Text: "the" or "The" or "all" or "All" or "any" or "every" or "real" }))
            return null;
        var words = new RelationWords(tokens);
        return words.Rewrite() ? Parser.ParseAll(words._written, 0, words._written.Count, budget) : null;
    }

    private bool Rewrite()
    {
        var relations = 0;
        while (_at < _tokens.Count)
        {
            var before = _at;
            if (Clause() is not { } isRelation)
                return false;
            relations += isRelation ? 1 : 0;
            while (_at < _tokens.Count && !IsConnective(_tokens[_at]))
                _written.Add(_tokens[_at++]);
            relations += Here is "while" or "whereas" ? 1 : 0;
            if (!Connective())
                return false;
            if (_at == before)
                return false;
        }

        return relations > 0;
    }

    /// <summary>Whether a relation in words begins here, which is then written; null where a subject has no verb that is understood.</summary>
    private bool? Clause()
    {
        if (Subject())
        {
            if (_at < _tokens.Count && _tokens[_at].Kind == TokenKind.Relation)
            {
                _written.AddRange(_subject);
                return false;
            }

            if (Take(s_unequal))
                return Relation("!=");
            if (Take(s_equals))
                return Relation("=");
            if (Take(s_verbs))
                return Comparison() ?? Relation("=");
            return Comparison();
        }

        return _subject.Count > 0 ? Comparison() ?? false : null;
    }

    /// <summary>A variable, or what "the value of" and "all real numbers" speak of.</summary>
    private bool Subject()
    {
        var start = _at;
        if (Take(s_anonymous))
        {
            _ = Take(s_behindAnonymous);
            _subject = [new Token(TokenKind.Word, "x", true, false, 0)];
            return true;
        }

        if (Here is "the")
            _at++;
        if (Here is "value" && WordAt(_at + 1) == "of")
            _at += 2;
        if (_at < _tokens.Count && IsVariable(_tokens[_at]))
        {
            _subject = [_tokens[_at++]];
            // "The x-coordinate"
            if (_at + 1 < _tokens.Count && _tokens[_at] is { Kind: TokenKind.Minus, Space: false } && WordAt(_at + 1) is "coordinate" or "value")
                _at += 2;
            return true;
        }

        _at = start;
        return false;
    }

    /// <summary>Writes the subject with the sign of a comparison in words; null where none stands here.</summary>
    private bool? Comparison()
    {
        var strictly = Here == "strictly";
        if (strictly || Here is "always" or "exactly" or "therefore" or "then" or "also" or "both")
            _at++;
        if (Here is "between" or "from")
            return Between(strictly, Here == "between" ? "and" : "to");
        foreach (var (words, sign) in s_comparisons)
        {
            if (Take(words))
                return Relation(sign);
        }

        return null;
    }

    private bool Relation(string sign)
    {
        _written.AddRange(_subject);
        _written.Add(new Token(TokenKind.Relation, sign, true, false, 0));
        return true;
    }

    /// <summary>"Strictly between 2 and 7", "from 2 to 7, both ends included"; whether the ends belong to it must be said.</summary>
    private bool? Between(bool strictly, string word)
    {
        var middle = _tokens.FindIndex(_at, t => IsWord(t, word));
        if (middle < 0)
            return null;
        var end = middle + 1;
        while (end < _tokens.Count && !IsConnective(_tokens[end]) && !s_ends.Contains(WordAt(end)) && _tokens[end].Kind != TokenKind.ParenOpen)
            end++;
        var last = end;
        bool? closed = strictly ? false : null;
        for (; last < _tokens.Count && (s_ends.Contains(WordAt(last)) || (_tokens[last].Kind is TokenKind.Comma or TokenKind.ParenOpen or TokenKind.ParenClose && (last > end || s_ends.Contains(WordAt(last + 1))))); last++)
        {
            if (WordAt(last) is "inclusive" or "included" or "including" or "exclusive" or "excluded" or "excluding")
                closed = WordAt(last)[0] == 'i';
        }

        if (closed is null)
            return null;
        var sign = new Token(TokenKind.Relation, closed.Value ? "<=" : "<", true, false, 0);
        _written.AddRange([.. _tokens[(_at + 1)..middle], sign, .. _subject, sign, .. _tokens[(middle + 1)..end]]);
        _at = last;
        return true;
    }

    /// <summary>Writes the word that joins two clauses; false where nothing follows it.</summary>
    private bool Connective()
    {
        if (_at >= _tokens.Count)
            return true;
        // "x is 3 or more"
        if (Here == "or" && WordAt(_at + 1) is "more" or "greater" or "larger" or "less" or "smaller" or "fewer" && WordAt(_at + 2) != "than"
            && _written.FindLastIndex(t => t.Kind == TokenKind.Relation) is >= 0 and var sign && _written[sign].Text == "=")
        {
            _written[sign] = _written[sign] with { Text = WordAt(_at + 1) is "more" or "greater" or "larger" ? ">=" : "<=" };
            _at += 2;
            return true;
        }

        var first = _written.Count;
        for (; _at < _tokens.Count && IsConnective(_tokens[_at]); _at++)
            _written.Add(Here is "but" or "while" or "whereas" ? new Token(TokenKind.Word, "and", true, false, 0) : _tokens[_at]);
        return _at < _tokens.Count && _written.Count - first <= 2;
    }

    private static bool IsConnective(Token token) => token.Kind is TokenKind.Comma or TokenKind.Semicolon || (token.Kind == TokenKind.Word && token.Text is "and" or "or" or "but" or "while" or "whereas");

    private static bool IsVariable(Token token) => token.Kind is TokenKind.Symbol || token is { Kind: TokenKind.Word, Text: [>= 'a' and <= 'z' or >= 'A' and <= 'Z'] and not ("a" or "A" or "I") };

    private static bool IsWord(Token token, string word) => token.Kind == TokenKind.Word && token.Text.Equals(word, StringComparison.OrdinalIgnoreCase);

    private string WordAt(int i) => i < _tokens.Count && _tokens[i].Kind == TokenKind.Word ? _tokens[i].Text.ToLowerInvariant() : "";

    /// <summary>Takes the longest of several rows of words.</summary>
    private bool Take(string[][] rows)
    {
        var longest = Array.FindAll(rows, Matches).MaxBy(r => r.Length);
        _at += longest?.Length ?? 0;
        return longest is not null;
    }

    private bool Take(string[] words)
    {
        if (!Matches(words))
            return false;
        _at += words.Length;
        return true;
    }

    private bool Matches(string[] words)
    {
        for (var i = 0; i < words.Length; i++)
        {
            if (WordAt(_at + i) != words[i])
                return false;
        }

        return true;
    }

    private static IEnumerable<string[]> Words(params string[] phrases) => phrases.Select(p => p.Split(' '));

    private static IEnumerable<(string[] Words, string Sign)> Signs(string sign, params string[] phrases) => Words(phrases).Select(w => (w, sign));
}
