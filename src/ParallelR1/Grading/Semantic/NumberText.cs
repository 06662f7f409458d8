using System.Globalization;
using System.Numerics;

namespace ParallelR1.Grading.Semantic;

/// <summary>The value of a number token.</summary>
internal static class NumberText
{
    /// <summary>Digits beyond which a number is compared as text only.</summary>
    private const int MaximumDigits = 4000;

    private const int MaximumExponent = 1000;

    /// <summary>The exact value; null where the number is too long to be worked with.</summary>
    public static Node? Parse(string text)
    {
        if (text.Length <= 9 && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var small))
            return Node.Number(small);
        if (text.Length > MaximumDigits)
            return null;

        var mark = text.IndexOf('e', StringComparison.Ordinal);
        var exponent = mark < 0 ? 0 : long.Parse(text.AsSpan(mark + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        var mantissa = Mantissa(mark < 0 ? text : text[..mark]);
        if (exponent == 0)
            return Node.Number(mantissa);
        return Math.Abs(exponent) <= MaximumExponent
            ? Node.Number(mantissa * BigRational.Of(10).Power((int)exponent))
            : Node.Product(Node.Number(mantissa), Node.Power(Node.Number(10), Node.Number(BigRational.Of(exponent))));
    }

    private static BigRational Mantissa(string text)
    {
        var bar = text.IndexOf('|', StringComparison.Ordinal);
        var repeating = bar < 0 ? "" : text[(bar + 1)..];
        var plain = bar < 0 ? text : text[..bar];
        var dot = plain.IndexOf('.', StringComparison.Ordinal);
        var decimals = dot < 0 ? 0 : plain.Length - dot - 1;
        var digits = dot < 0 ? plain : plain.Remove(dot, 1);
        var value = BigRational.Of(Integer(digits), BigInteger.Pow(10, decimals));
        if (repeating.Length == 0)
            return value;
        var nines = BigInteger.Pow(10, repeating.Length) - 1;
        return value + BigRational.Of(Integer(repeating), nines * BigInteger.Pow(10, decimals));
    }

    private static BigInteger Integer(string digits) =>
        digits.Length == 0 ? BigInteger.Zero : BigInteger.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);
}
