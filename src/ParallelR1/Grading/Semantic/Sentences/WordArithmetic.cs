using System.Collections.Frozen;

namespace ParallelR1.Grading.Semantic.Sentences;

/// <summary>Works out what words compute with the values of a sentence: "negative 5", "twice 7", "7 squared", "half of 7", "7 times 6".</summary>
internal static class WordArithmetic
{
    private static readonly FrozenDictionary<string, Func<Node, Node>> Behind = new Dictionary<string, Func<Node, Node>>
    {
        ["squared"] = n => Node.Power(n, Node.Number(2)),
        ["cubed"] = n => Node.Power(n, Node.Number(3)),
        ["factorial"] = n => Node.Function("!", n),
        ["halves"] = n => Times(n, 1, 2),
        ["thirds"] = n => Times(n, 1, 3),
        ["quarters"] = n => Times(n, 1, 4),
        ["fourths"] = n => Times(n, 1, 4),
        ["fifths"] = n => Times(n, 1, 5),
        ["sixths"] = n => Times(n, 1, 6),
        ["sevenths"] = n => Times(n, 1, 7),
        ["eighths"] = n => Times(n, 1, 8),
        ["ninths"] = n => Times(n, 1, 9),
        ["tenths"] = n => Times(n, 1, 10),
        ["hundredths"] = n => Times(n, 1, 100),
        ["dozen"] = n => Times(n, 12, 1),
        ["dozens"] = n => Times(n, 12, 1),
        ["score"] = n => Times(n, 20, 1),
        ["tens"] = n => Times(n, 10, 1),
        ["hundreds"] = n => Times(n, 100, 1),
        ["thousands"] = n => Times(n, 1000, 1),
        ["millions"] = n => Times(n, 1_000_000, 1),
    }.ToFrozenDictionary();

    private static readonly FrozenDictionary<string, Func<Node, Node>> InFront = new Dictionary<string, Func<Node, Node>>
    {
        ["negative"] = Node.Negative,
        ["minus"] = Node.Negative,
        ["twice"] = n => Times(n, 2, 1),
        ["double"] = n => Times(n, 2, 1),
        ["thrice"] = n => Times(n, 3, 1),
        ["triple"] = n => Times(n, 3, 1),
        ["quadruple"] = n => Times(n, 4, 1),
        ["half"] = n => Times(n, 1, 2),
    }.ToFrozenDictionary();

    private static readonly FrozenDictionary<string, Func<Node, Node>> Of = new Dictionary<string, Func<Node, Node>>
    {
        ["square"] = n => Node.Power(n, Node.Number(2)),
        ["cube"] = n => Node.Power(n, Node.Number(3)),
        ["reciprocal"] = n => Node.Power(n, Node.MinusOne),
        ["negative"] = Node.Negative,
        ["opposite"] = Node.Negative,
        ["factorial"] = n => Node.Function("!", n),
        ["double"] = n => Times(n, 2, 1),
        ["triple"] = n => Times(n, 3, 1),
        ["half"] = n => Times(n, 1, 2),
        ["third"] = n => Times(n, 1, 3),
        ["quarter"] = n => Times(n, 1, 4),
        ["fourth"] = n => Times(n, 1, 4),
        ["fifth"] = n => Times(n, 1, 5),
        ["tenth"] = n => Times(n, 1, 10),
        ["square root"] = n => Node.Power(n, Node.Half),
        ["cube root"] = n => Node.Power(n, Node.Number(BigRational.Of(1, 3))),
        ["absolute value"] = n => Node.Function("abs", n),
        ["additive inverse"] = Node.Negative,
        ["multiplicative inverse"] = n => Node.Power(n, Node.MinusOne),
    }.ToFrozenDictionary();

    /// <summary>Words that compute where they end the sentence; elsewhere they may be its verb.</summary>
    private static readonly FrozenDictionary<string, Func<Node, Node>> Last = new Dictionary<string, Func<Node, Node>>
    {
        ["doubled"] = n => Times(n, 2, 1),
        ["tripled"] = n => Times(n, 3, 1),
        ["quadrupled"] = n => Times(n, 4, 1),
        ["halved"] = n => Times(n, 1, 2),
    }.ToFrozenDictionary();

    private static readonly FrozenDictionary<string, Func<Node[], Node>> OfList = new Dictionary<string, Func<Node[], Node>>
    {
        ["sum"] = Sum,
        ["product"] = items => items.Aggregate(Node.Product),
        ["quotient"] = items => Node.Quotient(items[0], items[1]),
        ["difference"] = items => Node.Function("abs", Node.Difference(items[0], items[1])),
        ["average"] = items => Node.Product(Node.Number(BigRational.Of(1, items.Length)), Sum(items)),
        ["mean"] = items => Node.Product(Node.Number(BigRational.Of(1, items.Length)), Sum(items)),
    }.ToFrozenDictionary();

    private static Node Sum(Node[] items) => items.Aggregate(Node.Sum);

    /// <summary>Words that compute with the number before them, and so are no units.</summary>
    public static IEnumerable<string> Words => [.. Behind.Keys, .. Last.Keys, "increased", "decreased", "reduced", "diminished", "leaves", "gives", "makes", "yields", "equals", "totals"];

    /// <summary>Puts what was worked out in the place of the words and values it was made from.</summary>
    public static void Apply(List<Term> terms, Budget budget)
    {
        for (var i = terms.Count - 1; i >= 0; i--)
        {
            budget.Spend();
            if (terms[i].Kind != TermKind.Value)
                continue;
            // "7, doubled"
            if (i + 3 == terms.Count && terms[i + 1] is { Kind: TermKind.Boundary, Text: "," } && (Last.ContainsKey(terms[i + 2].Text) || terms[i + 2].Text is "squared" or "cubed"))
                terms.RemoveAt(i + 1);
            while (Step(terms, ref i))
                budget.Spend();
        }
    }

    /// <summary>One step; a result behind an equals sign is computed already, and the words behind it are its unit.</summary>
    private static bool Step(List<Term> terms, ref int i) =>
        (!(i > 0 && terms[i - 1].Kind == TermKind.Equals) && (OfSeveral(terms, ref i) || After(terms, i) || Between(terms, i))) || BeforeValue(terms, ref i);

    /// <summary>What is computed of several values and is not said to be another one ("the sum of 3, 4 and 5", "the difference between 50 and 31").</summary>
    private static bool OfSeveral(List<Term> terms, ref int i)
    {
        if (i < 2 || !(terms[i - 1].Text is "of" or "between") || terms[i - 2].Kind != TermKind.Word || !OfList.TryGetValue(terms[i - 2].Text, out var apply)
            || (terms[i - 1].IsWord("between") && terms[i - 2].Text != "difference"))
            return false;
        var items = new List<Node>();
        var at = i;
        while (at < terms.Count && Expression(terms[at]) is { } item)
        {
            items.Add(item);
            at++;
            if (at + 1 < terms.Count && terms[at] is { Kind: TermKind.Boundary, Text: "," } && (terms[at + 1].Kind == TermKind.Value || terms[at + 1].IsWord("and")))
                at++;
            if (at + 1 < terms.Count && terms[at].IsWord("and"))
                at++;
        }

        if (items.Count < 2 || terms[at - 1].Kind != TermKind.Value || terms.FindIndex(at, t => t.Kind is TermKind.Value or TermKind.Equals) >= 0 || Lexicon.Copulas.Contains(terms.WordAt(at)) || !Replace(terms, i - 2, at, i, _ => apply([.. items])))
            return false;
        i -= 2;
        return true;
    }

    private static bool After(List<Term> terms, int i)
    {
        if (i + 1 >= terms.Count || terms[i + 1].Kind != TermKind.Word)
            return false;
        if (i + 2 == terms.Count && Last.TryGetValue(terms[i + 1].Text, out var whole))
            return Replace(terms, i, i + 2, i, whole);
        // "She has 7 quarters": coins
        if (Behind.TryGetValue(terms[i + 1].Text, out var apply) && !(terms[i + 1].Text == "quarters" && terms.WordAt(i - 1) is "has" or "had" or "have" or "with" or "are" or "were" or "get" or "gets" or "got" or "of" or "needs"))
            return Replace(terms, i, i + 2, i, apply);
        if (i + 2 < terms.Count && terms[i + 1].IsWord("below") && (terms[i + 2].IsWord("zero") || Expression(terms[i + 2])?.ToString() == "0"))
            return Replace(terms, i, i + 3, i, Node.Negative);
        if (i + 4 < terms.Count && terms[i + 1].IsWord("raised") && terms[i + 2].IsWord("to"))
            terms.RemoveAt(i + 1);
        if (i + 2 < terms.Count && terms[i + 1].Text is "minus" or "plus" && terms[i + 2].Kind == TermKind.Word && NumberWords.Small(terms[i + 2].Text) is { } small
            && (i + 3 == terms.Count || terms[i + 3].Kind != TermKind.Value))
        {
            var signed = terms[i + 1].Text == "minus" ? -small : small;
            return Replace(terms, i, i + 3, i, n => Node.Sum(n, Node.Number(signed)));
        }

        if (TimesItself(terms, i) is > 0 and var itself)
            return Replace(terms, i, itself, i, n => Node.Power(n, Node.Number(2)));
        if (i + 2 < terms.Count && terms[i + 1].IsWord("less") && terms[i + 2].Kind == TermKind.Word && NumberWords.Small(terms[i + 2].Text) is { } taken && IsEnd(terms, i + 3))
            return Replace(terms, i, i + 3, i, n => Node.Difference(n, Node.Number(taken)));
        if (ChangedByPart(terms, i, out var changed) is { } factor)
            return Replace(terms, i, changed, i, n => Node.Product(factor, n));
        if (i + 3 < terms.Count && terms[i + 1].IsWord("to") && terms[i + 2].IsWord("the") && Ordinal(terms[i + 3].Text) is { } power)
            return Replace(terms, i, i + 4 < terms.Count && terms[i + 4].IsWord("power") ? i + 5 : i + 4, i, n => Node.Power(n, power));
        if (i + 3 < terms.Count && terms[i + 1].Text == "and" && terms[i + 2].Text is "a" or "one" && terms[i + 3].Kind == TermKind.Word
            && terms[i + 3].Text is "half" or "third" or "quarter" && !(i + 4 < terms.Count && terms[i + 4].Text == "of"))
        {
            var part = BigRational.Of(1, terms[i + 3].Text switch { "half" => 2, "third" => 3, _ => 4 });
            return Replace(terms, i, i + 4, i, n => Node.Sum(n, Node.Number(part)));
        }

        return false;
    }

    private static bool IsEnd(List<Term> terms, int i) => i >= terms.Count || terms[i].Kind == TermKind.Boundary || (terms[i].Kind == TermKind.Word && Lexicon.Copulas.Contains(terms[i].Text));

    /// <summary>Where "times itself" or "multiplied by itself" ends; 0 where it does not stand there.</summary>
    private static int TimesItself(List<Term> terms, int i)
    {
        var at = i + 1;
        if (at + 1 < terms.Count && terms[at].IsWord("times"))
            at++;
        else if (at + 2 < terms.Count && terms[at].Text is "multiplied" or "multiply" && terms[at + 1].IsWord("by"))
            at += 2;
        else
            return 0;
        return terms[at].IsWord("itself") ? at + 1 : 0;
    }

    /// <summary>What "increased by a third", "reduced by half" or "plus a quarter" multiplies a value by; null where nothing of that kind stands there.</summary>
    private static Node? ChangedByPart(List<Term> terms, int i, out int end)
    {
        end = i;
        if (i + 3 >= terms.Count || !terms[i + 2].IsWord("by") || terms[i + 1].Kind != TermKind.Word)
            return null;
        var sign = terms[i + 1].Text switch
        {
            "increased" or "raised" or "enlarged" => 1,
            "decreased" or "reduced" or "diminished" or "lowered" or "cut" => -1,
            _ => 0,
        };
        var at = i + 3;
        if (terms[at].Text is "a" or "one")
            at++;
        if (sign == 0 || at >= terms.Count || terms[at].Kind != TermKind.Word)
            return null;
        var below = terms[at].IsWord("half") ? 2 : NumberWords.Part(terms[at].Text);
        if (below is not > 1)
            return null;
        end = at + 1;
        return Node.Number(BigRational.Of((int)below + sign, (int)below));
    }

    private static Node? Ordinal(string word) => word switch
    {
        "second" => Node.Number(2),
        "fourth" => Node.Number(4),
        "nth" => Node.Symbol("n"),
        "half" or "quarter" => null,
        [.. var digits, 't' or 's' or 'n' or 'r', 'h' or 't' or 'd'] when int.TryParse(digits, System.Globalization.NumberStyles.None, null, out var place) => Node.Number(place),
        _ => NumberWords.Part(word) is > 0 and var number ? Node.Number(number) : null,
    };

    /// <summary>A word of computation between this value and the next one.</summary>
    private static bool Between(List<Term> terms, int i)
    {
        var at = i + 1;
        while (at < terms.Count && at <= i + 4 && terms[at].Kind == TermKind.Word)
            at++;
        if (at == i + 1 || at >= terms.Count || terms[at].Kind != TermKind.Value || Expression(terms[at]) is not { } other)
            return SingleLetter(terms, i);
        var percent = terms[i].Value?.Node is { Kind: NodeKind.Quantity, Name: "%" };
        Func<Node, Node>? apply = string.Join(' ', terms.GetRange(i + 1, at - i - 1).Select(t => t.Text)) switch
        {
            "times" or "multiplied by" => n => Node.Product(n, other),
            "plus" or "more than" => n => Node.Sum(n, other),
            "increased by" when !terms[at].HasUnit => n => Node.Sum(n, other),
            "decreased by" or "reduced by" or "diminished by" when !terms[at].HasUnit => n => Node.Difference(n, other),
            "minus" => n => Node.Difference(n, other),
            "less" when !other.Contains(NodeKind.Symbol) => n => Node.Difference(n, other),
            "less than" or "fewer than" => n => Node.Difference(other, n),
            "over" or "divided by" => n => Node.Quotient(n, other),
            "to" when terms.FindLastIndex(i, t => t.Kind == TermKind.Word && t.Text is "ratio" or "odds" or "mix" or "mixed") >= 0 => n => new Node(NodeKind.Ratio, "", n, other),
            "to the power of" or "to the power" => n => Node.Power(n, other),
            "of" when percent => n => Node.Product(Times(n, 1, 100), other),
            "of" when IsPart(terms[i]) => n => Node.Product(n, other),
            "in" when terms.Count == 3 && Expression(terms[i])!.ToString() == "1" => n => Node.Quotient(n, other),
            "out of" when i == 0 && at + 1 == terms.Count && !terms[at].HasUnit => n => Node.Quotient(n, other),
            "in" or "in every" or "out of" or "out of every" when terms.FindIndex(0, i, t => t.Kind == TermKind.Word && t.Text is "probability" or "chance" or "chances" or "likelihood" or "odds" or "proportion" or "fraction") >= 0 || terms.WordAt(at + 1) is "chance" or "probability" or "likelihood" || terms[at].Value!.Node is { Kind: NodeKind.Quantity, Name: "chance" or "probability" or "likelihood" }
                => n => Node.Quotient(n, other),
            _ => null,
        };
        return apply is not null && Replace(terms, i, at + 1, i, apply);
    }

    /// <summary>A fraction between 0 and 1, of which something can be taken.</summary>
    private static bool IsPart(Term term) =>
        Expression(term) is { Kind: NodeKind.Product, Items: [{ Kind: NodeKind.Number } above, { Kind: NodeKind.Power, Items: [{ Kind: NodeKind.Number } below, _] }] }
        && above.Value.IsInteger && below.Value.IsInteger && above.Value.Numerator.Sign > 0 && above.Value.Numerator < below.Value.Numerator;

    /// <summary>"7 times x": a product with a variable.</summary>
    private static bool SingleLetter(List<Term> terms, int i) =>
        i + 2 < terms.Count && terms[i + 1].IsWord("times") && terms[i + 2] is { Kind: TermKind.Word, Text: [>= 'a' and <= 'z' and not 'a'] } letter
        && Replace(terms, i, i + 3, i, n => Node.Product(n, Node.Symbol(letter.Written)));

    private static bool BeforeValue(List<Term> terms, ref int i)
    {
        var start = i;
        Func<Node, Node>? apply;
        if (i >= 1 && terms[i - 1].Kind == TermKind.Word && InFront.TryGetValue(terms[i - 1].Text, out apply) && !IsBinary(terms, i - 1))
            start = i - 1;
        else if (i >= 2 && terms[i - 1].IsWord("times") && NumberWords.Small(terms[i - 2].Text) is { } times && !(i >= 3 && NumberWords.Small(terms[i - 3].Text) is not null))
            (start, apply) = (i - 2, n => Times(n, times, 1));
        else if (i >= 3 && terms[i - 1].IsWord("than") && terms[i - 2].Text is "more" or "less" or "fewer" && NumberWords.Small(terms[i - 3].Text) is { } more
            && (i == 3 || Lexicon.Copulas.Contains(terms[i - 4].Text)))
            (start, apply) = (i - 3, terms[i - 2].Text == "more" ? n => Node.Sum(n, Node.Number(more)) : n => Node.Difference(n, Node.Number(more)));
        else if (i >= 4 && terms[i - 1].IsWord("as") && terms[i - 3].IsWord("as") && terms[i - 2].Text is "many" or "much" or "large" or "big" or "great" or "high" or "long"
            && Multiplier(terms, i - 4, out var first) is { } multiplier && (first == 0 || Lexicon.Copulas.Contains(terms[first - 1].Text)))
            (start, apply) = (first, n => Times(n, multiplier.Above, multiplier.Below));
        else if (i >= 1 && terms[i - 1].IsWord("root") && (i == 1 || terms[i - 2].Text is "is" or "equals" or "=" or "get" or "answer"))
            (start, apply) = (i - 1, n => Node.Power(n, Node.Half));
        else if (Previous(terms, i, "of") is > 0 and var of)
            (start, apply) = Operation(terms, of);
        else
            return false;
        if (apply is null || !Replace(terms, start, i + 1, i, apply))
            return false;
        i = start;
        return true;
    }

    /// <summary>The multiplier that ends at a word ("twice", "half", "three times").</summary>
    private static (int Above, int Below)? Multiplier(List<Term> terms, int last, out int first)
    {
        first = last;
        if (terms[last].IsWord("times") && last > 0 && NumberWords.Small(terms[last - 1].Text) is { } times)
        {
            first = last - 1;
            return ((int)times, 1);
        }

        return terms[last].Text switch
        {
            "twice" or "double" => (2, 1),
            "thrice" or "triple" => (3, 1),
            "half" => (1, 2),
            _ => null,
        };
    }

    /// <summary>Whether "minus" stands between two values, or behind a word that computes with the one before.</summary>
    private static bool IsBinary(List<Term> terms, int minus) => terms[minus].Text == "minus" && minus > 0
        && (terms[minus - 1].Kind == TermKind.Value || (terms[minus - 1].Kind == TermKind.Word && Behind.ContainsKey(terms[minus - 1].Text)));

    /// <summary>The index of a word before the value, with at most an article between; −1 where another word stands there.</summary>
    private static int Previous(List<Term> terms, int i, string word)
    {
        var at = i - 1;
        if (at >= 0 && terms[at].Kind == TermKind.Word && terms[at].Text is "the" or "a")
            at--;
        return at >= 0 && terms[at].IsWord(word) ? at : -1;
    }

    private static (int Start, Func<Node, Node>? Apply) Operation(List<Term> terms, int of)
    {
        if (of >= 2 && NumberWords.Small(terms[of - 2].Text) is > 0 and var parts && NumberWords.Part(terms[of - 1].Text) is > 1 and var below)
            return (of - 2, n => Times(n, parts, below));
        if (of >= 2 && terms[of - 1].Kind == TermKind.Word && terms[of - 2].Kind == TermKind.Word
            && Of.TryGetValue(terms[of - 2].Text + " " + terms[of - 1].Text, out var two))
            return (of - 2, two);
        return of >= 1 && terms[of - 1].Kind == TermKind.Word && Of.TryGetValue(terms[of - 1].Text, out var one) ? (of - 1, one) : (of, null);
    }

    private static bool Replace(List<Term> terms, int start, int end, int value, Func<Node, Node> apply)
    {
        if (Expression(terms[value]) is not { } node)
            return false;
        var unit = terms[value].Value!.Node!.Kind == NodeKind.Quantity ? terms[value].Value!.Node!.Name : null;
        var result = apply(node);
        terms[start] = new Term(TermKind.Value, "", new ReadAnswer("", null, unit is null or "%" ? result : new Node(NodeKind.Quantity, unit, result)));
        terms.RemoveRange(start + 1, end - start - 1);
        return true;
    }

    private static Node? Expression(Term term) => term.Value?.Node switch
    {
        { Kind: NodeKind.Quantity } quantity => quantity.Items[0],
        { IsExpression: true } node => node,
        _ => null,
    };

    private static Node Times(Node n, int above, int below) => Node.Product(Node.Number(BigRational.Of(above, below)), n);
}
