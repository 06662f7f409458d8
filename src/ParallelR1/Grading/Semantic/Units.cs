using System.Collections.Frozen;
using System.Text;
using ParallelR1.Grading.Semantic.Sentences;

namespace ParallelR1.Grading.Semantic;

/// <summary>Reads units after a value and brings them to one spelling.</summary>
internal static class Units
{
    private const int MaximumWords = 6;

    private static readonly FrozenDictionary<string, string> Canonical = Build();

    /// <summary>Words that are never a unit: after them a value stands in a sentence.</summary>
    public static readonly FrozenSet<string> Never = FrozenSet.ToFrozenSet(
        [
            "is", "are", "was", "were", "be", "not", "or", "and", "no", "wrong", "correct", "right", "the", "a", "an", "to", "left", "total", "every", "each", "it",
            "that", "which", "who", "there", "has", "have", "of", "for", "with", "than", "any", "all", "none", "either", "neither", "nor", "between",
            "because", "since", "so", "if", "then", "when", "about", "more", "less", "fewer", "base", "altogether", "maybe", "perhaps", "we", "as",
            "on", "at", "by", "from", "but", "only", "remaining", "away", "overall", "exactly", "too", "also", "whichever", "i", "e", "x", "y", "z", "am", "pm",
            "times", "do", "does", "did", "can", "may", "mod", "choose", "divided", "multiplied", "out", "satisfies", "meets", "fulfils", "rather", "instead", "among",
            "though", "although", "however",
            "while", "whenever", "until", "before", "after", "once", "ought", "should", "shall", "must", "still", "yet", "counts", "without", "where", .. Lexicon.After, .. Lexicon.AfterNumber, .. Lexicon.AfterAnd, .. Lexicon.Verbs, .. Lexicon.Copulas, .. Lexicon.Negations,
            .. Lexicon.Doubts, .. Lexicon.Faults, .. WordArithmetic.Words, .. Qualifiers.Refusing, .. Qualifiers.NoUnits, .. Qualifiers.SaidOfNumbers,
            .. Lexicon.Contractions.Select(c => c[..^1]),
        ]);

    /// <summary>Nouns that change the value instead of naming a unit.</summary>
    private static readonly FrozenDictionary<string, int> Multipliers = new Dictionary<string, int>
    {
        ["hundred"] = 2,
        ["thousand"] = 3,
        ["million"] = 6,
        ["billion"] = 9,
        ["trillion"] = 12,
        ["grand"] = 3,
        ["tenth"] = -1,
        ["tenths"] = -1,
        ["hundredth"] = -2,
        ["hundredths"] = -2,
        ["thousandth"] = -3,
        ["thousandths"] = -3,
        ["millionth"] = -6,
        ["millionths"] = -6,
    }.ToFrozenDictionary();

    /// <summary>Whether a word is a unit known by name.</summary>
    public static bool IsKnown(string word) => Canonical.ContainsKey(word) || (word.Length > 1 && Canonical.ContainsKey(word.ToLowerInvariant()));

    /// <summary>The power of ten that a word such as <c>million</c> stands for.</summary>
    public static bool TryMultiplier(string word, out int exponent) => Multipliers.TryGetValue(word.ToLowerInvariant(), out exponent);

    /// <summary>Whether two units, null for none, may stand for one another.</summary>
    public static bool Agree(string? a, string? b) => a is null || b is null || a == b
        || (a.StartsWith('°') && b.StartsWith('°') && (a.Length == 1 || b.Length == 1))
        || (a.Length < b.Length ? IsPart(a, b) : IsPart(b, a));

    /// <summary>Whether one unit is the other with more words ("apple" and "red apple", "km" and "km long").</summary>
    private static bool IsPart(string a, string b) =>
        b.Contains(' ', StringComparison.Ordinal) && (b.StartsWith(a + " ", StringComparison.Ordinal) || b.EndsWith(" " + a, StringComparison.Ordinal));

    /// <summary>Reads a unit that starts at an index and moves the index behind it; null where there is none.</summary>
    public static string? Read(List<Token> tokens, ref int at)
    {
        var i = at;
        var unit = new StringBuilder();
        for (var words = 0; words < MaximumWords && i < tokens.Count; words++)
        {
            if (!ReadPart(tokens, ref i, unit))
                break;
        }

        if (unit.Length == 0 || unit[^1] == '/' || (i == at + 1 && (!IsNoun(tokens[at].Text) || IsVerb(tokens, at))))
            return null;
        at = i;
        var name = unit.ToString();
        return name.StartsWith("° °", StringComparison.Ordinal) ? name[2..] : name;
    }

    /// <summary>Whether a word alone behind a number may be what is counted; participles and adverbs say something of the number ("7 negated", "7 backwards").</summary>
    public static bool IsNoun(string word) => IsKnown(word) || word.Length < 6
        || !(word.EndsWith("ed", StringComparison.Ordinal) || word.EndsWith("ly", StringComparison.Ordinal) || word.EndsWith("ward", StringComparison.Ordinal) || word.EndsWith("wards", StringComparison.Ordinal)
            || word.EndsWith("able", StringComparison.Ordinal) || word.EndsWith("ible", StringComparison.Ordinal) || word.EndsWith("ive", StringComparison.Ordinal) || word.EndsWith("wise", StringComparison.Ordinal));

    /// <summary>Whether the word is a verb of which the number is the subject ("7 divides it", "7 shows up").</summary>
    private static bool IsVerb(List<Token> tokens, int at)
    {
        if (at + 1 >= tokens.Count || IsKnown(tokens[at].Text))
            return false;
        var next = tokens[at + 1];
        return tokens[at].Text.EndsWith('s')
            ? next.Text is "it" or "up" || (next.Text == "the" && at + 2 < tokens.Count && Lexicon.Answers.Contains(tokens[at + 2].Text))
            : next.Kind is TokenKind.Number or TokenKind.Currency && next.Segment == 0 && Lexicon.ResultVerbs.Contains(tokens[at].Text);
    }

    /// <summary>Whether a word that may be a verb counts things here, since a plural verb follows ("7 sounds were recorded").</summary>
    private static bool IsPlural(string word, Token next) => Qualifiers.SaidOfNumbers.Contains(word) && next.Text is "were" or "are" or "have" or "had";

    private static bool ReadPart(List<Token> tokens, ref int i, StringBuilder unit)
    {
        var token = tokens[i];
        var next = i + 1 < tokens.Count ? tokens[i + 1] : default;
        if (unit.Length > 0 && unit[^1] != '/' && (token.Kind == TokenKind.Divide || token is { Kind: TokenKind.Word, Text: "per" }))
        {
            if (next.Kind != TokenKind.Word)
                return false;
            unit.Append('/');
            i++;
            return true;
        }

        if (token.Kind == TokenKind.Dot && next.Kind == TokenKind.Word && unit.Length > 0)
        {
            i++;
            return true;
        }

        if (token.Kind == TokenKind.Fraction)
            return unit.Length == 0 && ReadFraction(tokens, ref i, unit);
        if (token.Kind != TokenKind.Word)
            return false;
        var word = token.Text.ToLowerInvariant();
        if ((Never.Contains(word) && !IsPlural(word, next)) || (word == "in" && next.Kind is TokenKind.Word or TokenKind.Number))
            return false;
        var power = 1;
        if (word is "square" or "sq" or "cubic" or "cu")
        {
            power = word[0] == 's' ? 2 : 3;
            i++;
            if (i < tokens.Count && tokens[i].Kind == TokenKind.Dot)
                i++;
            if (i >= tokens.Count || tokens[i].Kind != TokenKind.Word)
                return false;
            token = tokens[i];
        }

        i++;
        power = ReadPower(tokens, ref i, power);
        if (unit.Length > 0 && unit[^1] != '/')
            unit.Append(power < 0 ? '/' : ' ');
        unit.Append(Name(token.Text));
        if (power is not (1 or -1))
            unit.Append('^').Append(Math.Abs(power));
        return true;
    }

    /// <summary>A fraction of units in braces.</summary>
    private static bool ReadFraction(List<Token> tokens, ref int i, StringBuilder unit)
    {
        var at = i + 1;
        for (var part = 0; part < 2; part++)
        {
            if (part == 1)
                unit.Append('/');
            if (at >= tokens.Count || tokens[at].Kind != TokenKind.GroupOpen)
                return false;
            at++;
            if (at >= tokens.Count || tokens[at].Kind != TokenKind.Word || !ReadPart(tokens, ref at, unit) || at >= tokens.Count || tokens[at].Kind != TokenKind.GroupClose)
                return false;
            at++;
        }

        i = at;
        return true;
    }

    /// <summary>A power behind a unit, in words or figures, negative where it divides.</summary>
    private static int ReadPower(List<Token> tokens, ref int i, int power)
    {
        if (i < tokens.Count && tokens[i] is { Kind: TokenKind.Word, Text: "squared" or "cubed" })
            return tokens[i++].Text == "squared" ? 2 : 3;
        if (i + 1 >= tokens.Count || tokens[i].Kind != TokenKind.Caret)
            return power;
        var grouped = tokens[i + 1].Kind == TokenKind.GroupOpen;
        var at = grouped ? i + 2 : i + 1;
        var negative = at < tokens.Count && tokens[at].Kind == TokenKind.Minus;
        if (negative)
            at++;
        if (at >= tokens.Count || tokens[at] is not { Kind: TokenKind.Number, Text.Length: 1 }
            || (grouped && (at + 1 >= tokens.Count || tokens[at + 1].Kind != TokenKind.GroupClose)))
            return power;
        i = grouped ? at + 2 : at + 1;
        return (negative ? -1 : 1) * (tokens[at].Text[0] - '0');
    }

    private static string Name(string word)
    {
        if (Canonical.TryGetValue(word, out var name) || Canonical.TryGetValue(word.ToLowerInvariant(), out name))
            return name;
        var lower = word.ToLowerInvariant();
        if (lower.Length > 4 && lower.EndsWith("ies", StringComparison.Ordinal))
            return lower[..^3] + "y";
        if (lower.Length > 4 && (lower.EndsWith("ches", StringComparison.Ordinal) || lower.EndsWith("shes", StringComparison.Ordinal)
            || lower.EndsWith("xes", StringComparison.Ordinal)))
            return lower[..^2];
        return lower.Length > 3 && lower.EndsWith('s') && !lower.EndsWith("ss", StringComparison.Ordinal) ? lower[..^1] : lower;
    }

    private static FrozenDictionary<string, string> Build()
    {
        string[] families =
        [
            "m meter meters metre metres", "cm centimeter centimeters centimetre centimetres cms", "mm millimeter millimeters millimetre millimetres",
            "km kilometer kilometers kilometre kilometres kms", "in inch inches", "ft foot feet", "yd yard yards", "mi mile miles",
            "g gram grams gramme grammes gm", "kg kilogram kilograms kilo kilos kgs", "mg milligram milligrams", "pound pounds lb lbs",
            "oz ounce ounces", "ton tons tonne tonnes", "s sec secs second seconds", "min mins minute minutes", "h hr hrs hour hours", "day days",
            "week weeks wk wks", "month months", "year years yr yrs", "L l liter liters litre litres", "ml mL milliliter milliliters millilitre millilitres",
            "gal gallon gallons", "qt quart quarts", "cup cups", "mi/h mph", "km/h kmh kph kmph", "$ dollar dollars USD usd US$ buck bucks",
            "¢ cent cents", "€ euro euros EUR eur", "yen ¥ JPY", "CHF franc francs", "₹ rupee rupees Rs INR", "CNY yuan", "kr krone kroner krona kronor SEK NOK DKK",
            "pence penny pennies", "° degree degrees deg degs", "rad radian radians", "°c celsius", "°f fahrenheit",
            "N newton newtons", "J joule joules", "W watt watts", "V volt volts", "Hz hertz", "person people persons", "child children",
            "man men", "woman women", "unit units", "foot", "way ways", "acre acres", "ha hectare hectares", "student students", "point points",
            "mouse mice", "loaf loaves", "shelf shelves", "hour",
        ];
        var map = new Dictionary<string, string>();
        foreach (var family in families)
        {
            var names = family.Split(' ');
            foreach (var name in names)
                map.TryAdd(name, names[0]);
        }

        map["foot"] = "ft";
        map["hour"] = "h";
        return map.ToFrozenDictionary();
    }
}
