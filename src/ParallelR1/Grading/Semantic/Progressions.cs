using System.Numerics;

namespace ParallelR1.Grading.Semantic;

/// <summary>Sums and products that are written with dots or over a range.</summary>
internal static class Progressions
{
    private const int MaximumTerms = 100;
    private const int MaximumLength = 100_000;

    /// <summary>The sum of a progression of which the first terms and the last one are given; null where it is none.</summary>
    public static Node? Sum(List<Node> first, Node last)
    {
        if (Values(first, last) is not { } values)
            return null;
        if (Steps(values, last.Value) is { } count)
            return Node.Number((values[0] + last.Value) * BigRational.Of(count, 2));
        if (values.Length < 3 || values[0].IsZero || values[1].IsZero)
            return null;
        var ratio = values[1] * values[0].Inverse();
        var sum = BigRational.Zero;
        var term = values[0];
        for (var i = 0; i < MaximumTerms; i++)
        {
            if (i < values.Length && term != values[i])
                return null;
            sum += term;
            if (i >= values.Length && term == last.Value)
                return Node.Number(sum);
            if (term.Bits > 256)
                return null;
            term *= ratio;
        }

        return null;
    }

    /// <summary>The product of an arithmetic progression of which the first factors and the last one are given.</summary>
    public static Node? Product(List<Node> first, Node last)
    {
        if (Values(first, last) is not { } values || Steps(values, last.Value) is not { } count || count > MaximumTerms)
            return null;
        var step = values[1] - values[0];
        var product = BigRational.One;
        for (var (i, factor) = (0, values[0]); i < (int)count; i++, factor += step)
            product *= factor;
        return Node.Number(product);
    }

    /// <summary>A sum or product over whole numbers, written out where there are not many; else a function of body, index and bounds.</summary>
    public static Node OverRange(string name, Node body, string index, Node from, Node to)
    {
        if (from is { Kind: NodeKind.Number, Value.IsInteger: true } && to is { Kind: NodeKind.Number, Value.IsInteger: true }
            && to.Value.Numerator - from.Value.Numerator is var length && length < MaximumTerms)
        {
            if (length.Sign < 0)
                return Node.Number(name == "sum" ? 0 : 1);
            var terms = new Node[(int)length + 1];
            for (var i = 0; i < terms.Length; i++)
                terms[i] = body.Substitute(index, Node.Number(from.Value + BigRational.Of(i)));
            return terms.Length == 1 ? terms[0] : new Node(name == "sum" ? NodeKind.Sum : NodeKind.Product, "", terms);
        }

        var bound = Node.Symbol("index");
        return Node.Function(name == "sum" ? "sum" : "product", body.Substitute(index, bound), bound, from, to);
    }

    private static BigRational[]? Values(List<Node> first, Node last) =>
        first.Count >= 2 && last.Kind == NodeKind.Number && first.TrueForAll(n => n.Kind == NodeKind.Number) ? [.. first.Select(n => n.Value)] : null;

    /// <summary>The number of terms of an arithmetic progression; null where it is none.</summary>
    private static BigInteger? Steps(BigRational[] values, BigRational last)
    {
        var step = values[1] - values[0];
        if (step.IsZero)
            return null;
        for (var i = 2; i < values.Length; i++)
        {
            if (values[i] - values[i - 1] != step)
                return null;
        }

        var steps = (last - values[0]) * step.Inverse();
        return steps.IsInteger && steps.Numerator >= values.Length && steps.Numerator < MaximumLength ? steps.Numerator + 1 : null;
    }
}
