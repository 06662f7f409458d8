namespace ParallelR1.Grading.Semantic.Sentences;

/// <summary>Splits the tokens of a sentence into words, signs and values. Formulas and boxes are values as wholes, elsewhere numbers with their units are.</summary>
internal sealed class TermReader
{
    private readonly List<Token> _tokens;
    private readonly Budget _budget;
    private readonly List<Term> _terms = [];
    private readonly bool _letters;
    private readonly bool _boxed;
    private readonly bool _numberWords;

    private TermReader(List<Token> tokens, bool letters, bool numberWords, Budget budget)
    {
        _numberWords = numberWords;
        _tokens = tokens;
        _letters = letters;
        _budget = budget;
        _boxed = tokens.Exists(t => t.Segment < 0);
    }

    /// <summary>The terms; null where there is no word beside the values, or something that no sentence holds.</summary>
    /// <param name="tokens">The tokens of the sentence.</param>
    /// <param name="letters">Whether capital letters are the values, as in a multiple choice, rather than numbers.</param>
    /// <param name="budget">The steps of the pair.</param>
    public static List<Term>? Read(List<Token> tokens, bool letters, Budget budget)
    {
        // Where figures stand, numbers in words belong to the story ("the two areas differ by 36").
        var terms = Read(tokens, letters, numberWords: false, budget);
        return letters || terms is null || terms.Exists(t => t.Kind == TermKind.Value) ? terms : Read(tokens, letters, numberWords: true, budget);
    }

    /// <summary>Where a part in words ends that is the subject of what is said ("One fifth of the pupils walk"); 0 where another one stands there.</summary>
    private int PartOfThings(int i, out Node? part)
    {
        part = null;
        if (_terms.Count > 0 || !_numberWords || NumberWords.ReadPart(_tokens, i, out var end) is not { } number || end + 2 >= _tokens.Count || _tokens[end].Text != "of"
            || !(_tokens[end + 1].Text is "the" or "all" or "his" or "her" or "their" or "its") || _tokens[end + 2].Text is "way" or "time" or "work" || Qualifiers.Quantities.Contains(_tokens[end + 2].Text.TrimEnd('s')))
            return 0;
        part = number;
        return end;
    }

    private static List<Term>? Read(List<Token> tokens, bool letters, bool numberWords, Budget budget)
    {
        var reader = new TermReader(tokens, letters, numberWords, budget);
        for (var i = 0; i < tokens.Count;)
        {
            budget.Spend();
            var next = reader.Next(i);
            if (next == 0)
                return null;
            i = next;
        }

        return reader._boxed || reader._terms.Exists(t => (t.Kind == TermKind.Word && (letters || t.Text.Length > 1)) || t.Kind == TermKind.Equals) ? reader._terms : null;
    }

    /// <summary>Takes what stands at an index; returns where it ends, or 0 where it is not understood.</summary>
    private int Next(int i)
    {
        var token = _tokens[i];
        if (_boxed ? token.Segment < 0 : token.Segment > 0)
            return Formula(i);
        if (!_boxed && !_letters && token.Kind is TokenKind.BracketOpen or TokenKind.ParenOpen or TokenKind.SetOpen && _terms is [.., { Kind: TermKind.Word, Text: "is" or "are" or "not" or "interval" or "set" }]
            && Parser.ParseAll(_tokens, i, _tokens.Count, _budget) is { Kind: NodeKind.Tuple or NodeKind.Union or NodeKind.Set or NodeKind.SetOperation } collection)
            return Add(Value(collection), _tokens.Count);
        if (!_boxed && (_letters ? IsLetter(i) : StartsValue(i)))
            return _letters ? Letter(i) : Number(i);
        switch (token.Kind)
        {
            case TokenKind.Word:
                return Word(i);
            case TokenKind.Relation when token.Text == "~" && !_boxed:
                return Add(new Term(TermKind.Word, "approximately"), i + 1);
            case TokenKind.Relation when token.Text == "=" || _boxed:
                return Add(new Term(TermKind.Equals, "="), i + 1);
            case TokenKind.Minus or TokenKind.Divide when JoinsWords(i):
                return i + 1;
            case TokenKind.GroupOpen or TokenKind.GroupClose when !_boxed:
                return i + 1;
            case TokenKind.Unknown when token.Text == "?" && i + 1 < _tokens.Count:
                return Add(new Term(TermKind.Boundary, "?"), i + 1);
            case TokenKind.Plus or TokenKind.Minus or TokenKind.Times or TokenKind.Divide or TokenKind.Cell:
                return Add(new Term(IsDash(i) ? TermKind.Boundary : TermKind.Operator, token.Text), i + 1);
            case TokenKind.Currency:
                return Add(new Term(TermKind.Boundary, "$"), i + 1);
            case TokenKind.Percent:
                return Add(new Term(TermKind.Word, "%"), i + 1);
            case TokenKind.Unknown when !_boxed && token.Text is not ("," or "\ufffd"):
            case TokenKind.PlusMinus or TokenKind.Relation when !_boxed:
                return 0;
            default:
                return Add(new Term(TermKind.Boundary, token.Text), i + 1);
        }
    }

    private int Add(Term term, int next)
    {
        _terms.Add(term);
        return next;
    }

    /// <summary>Whether a hyphen or stroke makes one word of two ("true/false", "well-known", "x-axis").</summary>
    private bool JoinsWords(int i) => i > 0 && i + 1 < _tokens.Count && !_tokens[i].Space && !_tokens[i + 1].Space
        && _tokens[i - 1].Kind == TokenKind.Word && _tokens[i + 1].Kind == TokenKind.Word && _tokens[i + 1].Text.Length > 1
        && (_tokens[i - 1].Text.Length > 1 || _tokens[i + 1].Text.Length > 2)
        && _terms is [.., { Kind: TermKind.Word } or { HasUnit: true }]
        && (NumberWords.Small(_tokens[i - 1].Text.ToLowerInvariant()) is null || NumberWords.Small(_tokens[i + 1].Text.ToLowerInvariant()) is null);

    private bool IsDash(int i) => _tokens[i].Kind == TokenKind.Minus && ((i > 0 && _tokens[i - 1].Kind == TokenKind.Minus) || i + 1 < _tokens.Count && _tokens[i + 1].Kind == TokenKind.Minus || i + 1 >= _tokens.Count || (_tokens[i].Space && _tokens[i + 1].Kind == TokenKind.Word));

    private int Formula(int start)
    {
        var end = start + 1;
        while (end < _tokens.Count && _tokens[end].Segment == _tokens[start].Segment)
            end++;
        var inside = _tokens.GetRange(start, end - start);
        var value = AnswerReader.Understand(inside, _budget);
        if (value.Node is { } node && (node.IsExpression || (node.Kind == NodeKind.Relation && node.Name.Split(' ')[^1] == "=" && node.Items[^1].IsExpression)) && end < _tokens.Count
            && _tokens[end].Kind == TokenKind.Word && Units.IsKnown(_tokens[end].Text) && Units.Read(_tokens, ref end) is { } unit)
            value = value with { Node = node.IsExpression ? new Node(NodeKind.Quantity, unit, node) : node.With([.. node.Items[..^1], new Node(NodeKind.Quantity, unit, node.Items[^1])]) };
        return Add(new Term(TermKind.Value, "", value, IsFormula: true), end);
    }

    private bool IsLetter(int i)
    {
        if (_tokens[i] is not { Kind: TokenKind.Word, Text: [>= 'A' and <= 'Z'] } letter)
            return false;
        // "I'd pick D"
        if (letter.Text == "I" && i + 1 < _tokens.Count && _tokens[i + 1].Kind == TokenKind.Prime)
            return false;
        if (letter.Text is not ("A" or "I") || i + 1 >= _tokens.Count || _tokens[i + 1].Kind != TokenKind.Word)
            return true;
        return letter.Text == "A" && Lexicon.Predicates.Contains(_tokens[i + 1].Text.ToLowerInvariant());
    }

    private int Letter(int i) =>
        Add(new Term(TermKind.Value, "", new ReadAnswer(_tokens[i].Text, null, new Node(NodeKind.Choice, _tokens[i].Text))), i + 1);

    private int Number(int i)
    {
        if ((Recognizers.ReadDate(_tokens, i, out var past) ?? ClockWords.Read(_tokens, i, out past)) is { } date)
            return Add(Value(date), past);
        if (IsOrdinal(i))
            return _numberWords && IsPlace(i + 2)
                ? Add(Value(Parser.ParseAll(_tokens, i, i + 1, _budget)!), i + 3)
                : Add(new Term(TermKind.Word, _tokens[i].Text + _tokens[i + 1].Text), i + 2);
        if (!_numberWords && IsAdjective(i, out var noun))
            return Add(new Term(TermKind.Word, _tokens[i].Text + "-" + _tokens[i + 2].Text), noun);
        if (IsGrams(i))
            return Add(Value(new Node(NodeKind.Quantity, "g", Parser.ParseAll(_tokens, i, i + 1, _budget)!)), i + 2);
        if (IsTime(i) && Parser.ParseTime(_tokens, i, _budget, out var after) is { } time)
            return Add(Value(time), after);
        var inBrackets = _tokens[i].Kind == TokenKind.ParenOpen && (i == 0 || _tokens[i - 1].Kind != TokenKind.Relation);
        if (NumberWords.DollarsAndCents(_tokens, i, out past) is { } price)
            return Add(Value(price), past);
        if (Parser.ParseQuantity(_tokens, i, _budget, out var end) is { } value && end > i && (!inBrackets || value.Kind == NodeKind.Tuple))
            return Add(Value(value), end);
        if (inBrackets)
            return Add(new Term(TermKind.Boundary, "("), i + 1);
        if (_tokens[i].Kind == TokenKind.Currency && i + 1 < _tokens.Count && Parser.ParseAll(_tokens, i, i + 2, _budget) is { } amount)
            return Add(Value(amount), i + 2);
        if (_tokens[i].Kind == TokenKind.Number && Parser.ParseAll(_tokens, i, i + 1, _budget) is { } number)
            return Add(Value(number), i + 1);
        return 0;
    }

    /// <summary>Whether "5th" and the like stand there, which count places; behind an equals sign they are results.</summary>
    private bool IsOrdinal(int i) => _tokens[i] is { Kind: TokenKind.Number, Text.Length: < 6 } && i + 1 < _tokens.Count
        && _tokens[i + 1] is { Kind: TokenKind.Word, Space: false, Text: "st" or "nd" or "rd" or "th" } && _terms is not [.., { Kind: TermKind.Equals }];

    /// <summary>Whether a noun stands there by whose number one asks ("4th place"), rather than by what has it ("the 4th prime").</summary>
    private bool IsPlace(int i) => i < _tokens.Count && _tokens[i].Kind == TokenKind.Word && _tokens[i].Text is "place" or "position" or "floor" or "row" or "day" or "week" or "month" or "year" or "grade" or "seat" or "rank";

    /// <summary>Whether a hyphen makes an adjective of the number ("a 12-gallon tank").</summary>
    private bool IsAdjective(int i, out int end)
    {
        end = i + 1;
        while (_tokens[i].Kind == TokenKind.Number && end + 1 < _tokens.Count && _tokens[end] is { Kind: TokenKind.Minus, Space: false } && _tokens[end + 1] is { Kind: TokenKind.Word, Space: false, Text.Length: > 1 })
            end += 2;
        // The last number of a sentence may be what it is about.
        return end > i + 1 && (_tokens.FindIndex(end, t => t.Kind == TokenKind.Number) > 0
            || (_terms is [.., { Kind: TermKind.Word, Text: "the" or "a" or "an" or "each" or "every" or "his" or "her" or "their" or "its" }] && _terms.Exists(t => t.Kind == TermKind.Value)));
    }

    /// <summary>Whether "370g of" stands there, where the letter is no variable.</summary>
    private bool IsGrams(int i) => _tokens[i].Kind == TokenKind.Number && i + 2 < _tokens.Count && _tokens[i + 1] is { Text: "g", Space: false } && _tokens[i + 2] is { Kind: TokenKind.Word, Text: "of", Space: true };

    private bool IsTime(int i) => i + 2 < _tokens.Count && _tokens[i].Kind == TokenKind.Number && _tokens[i + 1] is { Kind: TokenKind.Colon, Space: false }
        && _tokens[i + 2] is { Kind: TokenKind.Number, Space: false }
        || i + 2 < _tokens.Count && _tokens[i + 1].Kind == TokenKind.Colon && _tokens[i + 2].Kind == TokenKind.Number && _terms is [.., { Text: "ratio" or "odds" or "proportion" }];

    /// <summary>A value outside of a formula.</summary>
    private static Term Value(Node value) => new(TermKind.Value, "", new ReadAnswer("", null, value));

    /// <summary>A word; "n't" becomes a word of its own, an "'s" goes.</summary>
    private int Word(int i)
    {
        var token = _tokens[i];
        var lower = token.Text.ToLowerInvariant();
        if (i + 2 < _tokens.Count && _tokens[i + 1].Kind == TokenKind.Prime && _tokens[i + 2] is { Kind: TokenKind.Word, Space: false } tail)
        {
            var end = tail.Text.ToLowerInvariant();
            if (end == "t" && lower.EndsWith('n'))
            {
                _terms.Add(new Term(TermKind.Word, lower is "can" ? "can" : lower[..^1]));
                return Add(new Term(TermKind.Word, "not"), i + 3);
            }

            if (end is "s" or "re" or "ll" or "d" or "ve" or "m")
            {
                _terms.Add(new Term(TermKind.Word, lower) { Written = token.Text, IsPossessive = end == "s" });
                if (end == "d" && i + 3 < _tokens.Count && _tokens[i + 3].Text.ToLowerInvariant() is "be" or "have" or "say" or "guess" or "bet" or "get" or "need" or "take" or "go" or "put" or "like" or "rather" or "estimate")
                    return Add(new Term(TermKind.Word, "would"), i + 3);
                return end is "s" && (lower is "it" or "that" or "there" or "answer" || (lower is "she" or "he" && i + 3 < _tokens.Count && _tokens[i + 3].Kind == TokenKind.Number)) ? Add(new Term(TermKind.Word, "is"), i + 3) : i + 3;
            }
        }

        // "The coefficient of x^2"
        if (lower.Length == 1 && i + 2 < _tokens.Count && _tokens[i + 1].Kind == TokenKind.Caret && _tokens[i + 2].Kind is TokenKind.Number && _terms is [.., { Text: "of" }])
            return Add(new Term(TermKind.Word, lower) { Written = token.Text }, i + 3);
        if (Lexicon.Contractions.Contains(lower))
        {
            _terms.Add(new Term(TermKind.Word, lower[..^2]));
            return Add(new Term(TermKind.Word, "not"), i + 1);
        }

        if (!_letters && ClockWords.Read(_tokens, i, out var hand) is { } time)
            return Add(Value(time), hand);
        // "One in 6", "one out of every 6"
        if (!_letters && lower == "one" && i + 2 < _tokens.Count && _tokens[i + 1].Text is "in" or "out" && _tokens.FindIndex(i + 2, Math.Min(3, _tokens.Count - i - 2), t => t.Kind == TokenKind.Number || (_numberWords && NumberWords.Small(t.Text) is > 1)) > 0)
            return Add(Value(Node.Number(1)), i + 1);
        if (!_letters && _terms is [.., { Kind: TermKind.Word } verb] && (Lexicon.Copulas.Contains(verb.Text) || verb.Text == "of" || _terms is [.., { Text: "holds" or "hold" or "true" or "valid" or "defined" or "satisfied" or "works" or "solved" }, { Text: "for" }])
            && (Lexicon.Copulas.Contains(verb.Text) && NumberWords.Read(_tokens.GetRange(i, _tokens.Count - i)) is { } number || (number = Recognizers.Phrase(_tokens.GetRange(i, _tokens.Count - i), _budget) ?? (_tokens[i].Text is "the" or "all" ? RelationWords.Read(_tokens.GetRange(i, _tokens.Count - i), _budget) : null)) is not null))
            return Add(Value(number), _tokens.Count);
        if (Recognizers.ReadDate(_tokens, i, out var past) is { } date)
            return Add(Value(date), past);
        if (PartOfThings(i, out var part) is > 0 and var of)
            return Add(Value(part!), of);
        if (_numberWords && NumberWords.ReadInSentence(_tokens, i, out var behind) is { } counted)
            return Add(Value(counted), behind);
        return Add(new Term(TermKind.Word, lower) { Written = token.Text }, i + 1);
    }

    private bool StartsValue(int i)
    {
        var token = _tokens[i];
        var before = i > 0 ? _tokens[i - 1].Kind : TokenKind.Word;
        return token.Kind switch
        {
            TokenKind.Number => before != TokenKind.Underscore && (before != TokenKind.Word || token.Space || i == 0),
            TokenKind.Currency => i + 1 < _tokens.Count && _tokens[i + 1].Kind is TokenKind.Number or TokenKind.Fraction or TokenKind.Minus,
            TokenKind.Fraction or TokenKind.Root => true,
            TokenKind.Minus => before is TokenKind.Word or TokenKind.Relation && i + 1 < _tokens.Count && !_tokens[i + 1].Space
                && _tokens[i + 1].Kind is TokenKind.Number or TokenKind.Currency or TokenKind.Fraction,
            TokenKind.ParenOpen => (before == TokenKind.Relation || (before == TokenKind.Word && token.Space)) && i + 1 < _tokens.Count
                && _tokens[i + 1].Kind is TokenKind.Number or TokenKind.Currency or TokenKind.Minus,
            TokenKind.Symbol => token.Text is "π" or "∞",
            _ => false,
        };
    }
}
