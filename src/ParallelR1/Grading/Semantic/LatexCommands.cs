using System.Collections.Frozen;

namespace ParallelR1.Grading.Semantic;

/// <summary>What the commands of LaTeX mean to the lexer.</summary>
internal static class LatexCommands
{
    /// <summary>Fonts of running text; their braces vanish and what they hold counts as text.</summary>
    public static readonly FrozenSet<string> TextFonts = FrozenSet.Create(
        "text", "mbox", "textbf", "textrm", "textit", "textsf", "texttt", "textnormal", "mathrm", "operatorname", "emph", "hbox",
        "num", "mathbin", "mathrel", "mathord", "mathop", "mathpunct", "operatorname*", "textup", "textmd", "textsc", "textsl", "underset", "mathnormal", "ensuremath",
        "unit", "si");

    /// <summary>Commands without meaning here; a group after them stays a group.</summary>
    public static readonly FrozenSet<string> Ignored = FrozenSet.Create(
        "mathbf", "mathit", "mathsf", "mathcal", "boldsymbol", "bm", "pmb", "underline", "bf", "rm", "it", "tt", "sf", "left", "right", "big",
        "Big", "bigg", "Bigg", "bigl", "bigr", "Bigl", "Bigr", "biggl", "biggr", "middle", "displaystyle", "textstyle", "scriptstyle",
        "limits", "nolimits", "quad", "qquad", "thinspace", "enspace", "hspace", "mathstrut", "strut", "phantom", "mathopen", "mathclose", "tiny", "scriptsize",
        "footnotesize", "small", "normalsize", "large", "Large", "LARGE", "huge", "Huge", "color", "textcolor", "colorbox", "bbox", "tag", "label", "medspace", "thickspace",
        "negthinspace",
        "mathtt", "bold", "bfseries", "itshape", "centering", "noindent", "scriptscriptstyle", "nonumber", "notag", "allowbreak", "nobreak", "vphantom", "hphantom", "smash",
        "hfill", "cancel", "cssId", "mathchoice");

    /// <summary>Functions by their plain names.</summary>
    public static readonly FrozenSet<string> Functions = FrozenSet.Create(
        "sin", "cos", "tan", "cot", "sec", "csc", "arcsin", "arccos", "arctan", "asin", "acos", "atan", "sinh", "cosh", "tanh", "ln", "log",
        "lg", "exp", "cis", "sqrt", "cbrt", "abs", "floor", "ceil");

    /// <summary>Functions of several numbers, in plain text only in front of a bracket.</summary>
    public static readonly FrozenSet<string> Bracketed = FrozenSet.Create("gcd", "lcm", "max", "min", "det");

    private static readonly string[] Greek =
    [
        "alpha", "beta", "gamma", "delta", "epsilon", "varepsilon", "zeta", "eta", "theta", "vartheta", "iota", "kappa", "lambda", "mu", "nu", "xi",
        "rho", "sigma", "tau", "upsilon", "phi", "varphi", "chi", "psi", "omega", "Gamma", "Delta", "Theta", "Lambda", "Xi", "Pi", "Sigma",
        "Phi", "Psi", "Omega", "ell",
    ];

    /// <summary>Commands that become one token (after the tables it is made from).</summary>
    public static readonly FrozenDictionary<string, (TokenKind Kind, string Text)> Tokens = BuildTokens();

    private static FrozenDictionary<string, (TokenKind Kind, string Text)> BuildTokens()
    {
        var map = new Dictionary<string, (TokenKind Kind, string Text)>();
        void Add(TokenKind kind, string text, params string[] names)
        {
            foreach (var name in names)
                map[name] = (kind, text);
        }

        Add(TokenKind.Times, "*", "cdot", "times", "ast", "*");
        Add(TokenKind.Divide, "/", "div");
        Add(TokenKind.PlusMinus, "+-", "pm");
        Add(TokenKind.PlusMinus, "-+", "mp");
        Add(TokenKind.Fraction, "frac", "frac", "dfrac", "tfrac", "cfrac", "nicefrac", "sfrac", "flatfrac");
        Add(TokenKind.Root, "sqrt", "sqrt");
        Add(TokenKind.Function, "cbrt", "cbrt");
        Add(TokenKind.Binomial, "binom", "binom", "dbinom", "tbinom");
        Add(TokenKind.Infix, "over", "over");
        Add(TokenKind.Infix, "choose", "choose");
        Add(TokenKind.Relation, "<=", "le", "leq", "leqslant", "leqq");
        Add(TokenKind.Relation, ">=", "ge", "geq", "geqslant", "geqq");
        Add(TokenKind.Relation, "<", "lt");
        Add(TokenKind.Relation, ">", "gt");
        Add(TokenKind.Relation, "!=", "ne", "neq", "not=");
        Add(TokenKind.Relation, "~", "approx", "simeq", "cong", "sim");
        Add(TokenKind.Relation, "=", "equiv");
        Add(TokenKind.Relation, "in", "in");
        Add(TokenKind.SetOperation, "cup", "cup", "bigcup");
        Add(TokenKind.SetOperation, "cap", "cap", "bigcap");
        Add(TokenKind.SetOperation, "minus", "setminus", "backslash");
        Add(TokenKind.EmptySet, "∅", "emptyset", "varnothing", "empty");
        Add(TokenKind.Symbol, "∞", "infty");
        Add(TokenKind.BigOperator, "sum", "sum");
        Add(TokenKind.BigOperator, "prod", "prod");
        Add(TokenKind.Dots, "…", "dots", "ldots", "cdots", "dotsc", "dotsb", "dotsm", "dotso");
        Add(TokenKind.Symbol, "π", "pi");
        Add(TokenKind.Symbol, "i", "imath");
        Add(TokenKind.Percent, "%", "%");
        Add(TokenKind.Degree, "°", "degree", "circ", "textdegree");
        Add(TokenKind.Prime, "'", "prime");
        Add(TokenKind.Currency, "$", "$", "textdollar");
        Add(TokenKind.Currency, "pound", "pounds");
        Add(TokenKind.Currency, "€", "euro");
        Add(TokenKind.SetOpen, "{", "{", "lbrace");
        Add(TokenKind.SetClose, "}", "}", "rbrace");
        Add(TokenKind.ParenOpen, "(", "langle", "lparen");
        Add(TokenKind.ParenClose, ")", "rangle", "rparen");
        Add(TokenKind.BracketOpen, "[", "lbrack");
        Add(TokenKind.BracketClose, "]", "rbrack");
        Add(TokenKind.Bar, "|", "vert", "lvert", "rvert", "mid", "|");
        Add(TokenKind.FloorOpen, "floor", "lfloor");
        Add(TokenKind.FloorClose, "floor", "rfloor");
        Add(TokenKind.FloorOpen, "ceil", "lceil");
        Add(TokenKind.FloorClose, "ceil", "rceil");
        Add(TokenKind.Colon, ":", "colon");
        Add(TokenKind.Word, "and", "land", "wedge");
        Add(TokenKind.Word, "or", "lor", "vee");
        Add(TokenKind.Mark, "angle", "angle", "measuredangle");
        foreach (var mark in new[] { "overline", "bar", "vec", "overrightarrow", "hat", "widehat", "overleftrightarrow", "overarc", "triangle" })
            Add(TokenKind.Mark, mark, mark);
        foreach (var name in Greek)
            Add(TokenKind.Symbol, name.StartsWith("var", StringComparison.Ordinal) ? name[3..] : name, name);
        foreach (var name in new[] { "gcd", "lcm", "max", "min", "det" })
            Add(TokenKind.Function, name, name);
        Add(TokenKind.Word, "mod", "bmod", "mod");
        foreach (var name in Functions.Where(f => f != "sqrt"))
            Add(TokenKind.Function, name, name);
        return map.ToFrozenDictionary();
    }
}
