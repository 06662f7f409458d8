using System.Collections.Frozen;

namespace ParallelR1.Grading.Semantic;

/// <summary>Finds the values that a sentence names. Formulas and boxes count as wholes; elsewhere numbers with their units do.</summary>
internal static class SentenceReader
{
    private const int MaximumValues = 8;

    /// <summary>Words that make an answer of several candidates, of a range or of a negation.</summary>
    private static readonly FrozenSet<string> Hedges = FrozenSet.Create(
        "or", "either", "neither", "nor", "not", "no", "none", "between", "about", "approximately", "roughly", "around", "than", "wrong", "maybe",
        "perhaps", "possibly", "any", "never", "least", "most", "cannot", "isn", "almost", "nearly", "incorrect", "false", "except", "unless", "both", "to");

    public static bool IsHedge(string word) => Hedges.Contains(word.ToLowerInvariant());

    /// <summary>The values in order; null where the text is no sentence that states something.</summary>
    public static List<Node>? Values(List<Token> tokens, Budget budget)
    {
        if (!IsStatement(tokens))
            return null;
        var boxed = tokens.Exists(t => t.Segment < 0);
        var values = new List<Node>();
        for (var i = 0; i < tokens.Count;)
        {
            budget.Spend();
            var end = i + 1;
            var segment = tokens[i].Segment;
            if (boxed ? segment < 0 : segment > 0)
            {
                while (end < tokens.Count && tokens[end].Segment == segment)
                    end++;
                if (Parser.ParseAll(tokens, i, end, budget) is not { } formula)
                    return null;
                values.Add(WithUnit(formula, tokens, ref end));
            }
            else if (!boxed && StartsValue(tokens, i) && Parser.ParseQuantity(tokens, i, budget, out var next) is { } value && next > i)
            {
                values.Add(value);
                end = next;
            }
            else if (!boxed && tokens[i].Kind == TokenKind.Number && end < tokens.Count && tokens[end].Kind == TokenKind.ParenOpen
                && Parser.ParseAll(tokens, i, end, budget) is { } number)
            {
                values.Add(number);
            }
            else if (!boxed && tokens[i].Kind is TokenKind.Number or TokenKind.Fraction or TokenKind.Root)
            {
                return null;
            }

            if (values.Count > MaximumValues)
                return null;
            i = end;
        }

        return values.Count == 0 ? null : values;
    }

    /// <summary>Whether there are words that are not part of a value, no hedge among them, and brackets in balance.</summary>
    private static bool IsStatement(List<Token> tokens)
    {
        var words = 0;
        var depth = 0;
        foreach (var token in tokens)
        {
            switch (token.Kind)
            {
                case TokenKind.Word when token.Segment <= 0:
                    if (Hedges.Contains(token.Text.ToLowerInvariant()))
                        return false;
                    words += token.Text.Length > 1 ? 1 : 0;
                    break;
                case TokenKind.Unknown when token.Text is not ("," or "\ufffd"):
                case TokenKind.PlusMinus:
                case TokenKind.Relation when token.Text != "=":
                    return false;
                case TokenKind.GroupOpen or TokenKind.ParenOpen or TokenKind.BracketOpen or TokenKind.SetOpen:
                    depth++;
                    break;
                case TokenKind.GroupClose or TokenKind.ParenClose or TokenKind.BracketClose or TokenKind.SetClose:
                    depth--;
                    break;
                default:
                    break;
            }
        }

        return words > 0 && depth == 0;
    }

    private static bool StartsValue(List<Token> tokens, int i)
    {
        var before = i > 0 ? tokens[i - 1].Kind : TokenKind.Word;
        return tokens[i].Kind switch
        {
            TokenKind.Number => before != TokenKind.Underscore && (before != TokenKind.Word || tokens[i].Space || i == 0),
            TokenKind.Currency or TokenKind.Fraction or TokenKind.Root => true,
            TokenKind.Minus => before == TokenKind.Word && i + 1 < tokens.Count && tokens[i + 1].Kind is TokenKind.Number or TokenKind.Currency or TokenKind.Fraction
                && !tokens[i + 1].Space,
            TokenKind.Symbol => tokens[i].Text is "π" or "∞",
            _ => false,
        };
    }

    private static Node WithUnit(Node value, List<Token> tokens, ref int end)
    {
        if (!value.IsExpression || end >= tokens.Count || tokens[end].Kind != TokenKind.Word || !Units.IsKnown(tokens[end].Text))
            return value;
        return Units.Read(tokens, ref end) is { } unit ? new Node(NodeKind.Quantity, unit, value) : value;
    }
}
