using ParallelR1.Grading.Algebra;

namespace ParallelR1.Grading.Semantic;

/// <summary>Compares equations and inequalities by the difference of their sides.</summary>
internal sealed class EquationComparer(Budget budget)
{
    private const int MaximumTerms = 64;

    /// <summary>Whether two equations are rearrangements of one another: the differences of their sides are proportional.</summary>
    public bool AreEquivalent(Node left, Node right, Node otherLeft, Node otherRight) =>
        Ratio(left, right, otherLeft, otherRight) is not null;

    /// <summary>Whether two inequalities between two sides are rearrangements of one another.</summary>
    public bool AreEquivalent(Node relation, Node other)
    {
        if (relation.Items.Length != 2 || other.Items.Length != 2 || !IsOrder(relation.Name) || !IsOrder(other.Name) || relation.Name.Length != other.Name.Length)
            return false;
        var ratio = Ratio(relation.Items[0], relation.Items[1], other.Items[0], other.Items[1]);
        return ratio is { } r && (r.Sign > 0) == (relation.Name[0] == other.Name[0]);
    }

    private static bool IsOrder(string name) => name is "<" or "<=" or ">" or ">=";

    /// <summary>The constant by which the differences differ; null where there is none.</summary>
    private BigRational? Ratio(Node a, Node b, Node c, Node d)
    {
        if (!a.IsExpression || !b.IsExpression || !c.IsExpression || !d.IsExpression)
            return null;
        var normalizer = new Normalizer(budget);
        var p = normalizer.Difference(normalizer.Normalize(a), normalizer.Normalize(b));
        var q = normalizer.Difference(normalizer.Normalize(c), normalizer.Normalize(d));
        if (normalizer.IsUndefined || p.Terms.Count != q.Terms.Count || p.Terms.Count is 0 or > MaximumTerms)
            return null;
        var lead = p.Terms.First();
        if (q.Terms.TryGetValue(lead.Key, out var coefficient) && IsMultiple(p, q, Monomial.Unit, coefficient * lead.Value.Inverse()))
            return coefficient * lead.Value.Inverse();
        if (!HasNegative(p) && !HasNegative(q))
            return null;
        foreach (var (monomial, value) in q.Terms)
        {
            budget.Spend(p.Terms.Count);
            if (IsMultiple(p, q, Monomial.Multiply(monomial, lead.Key.Power(BigRational.MinusOne)), value * lead.Value.Inverse()))
                return value * lead.Value.Inverse();
        }

        return null;
    }

    private static bool HasNegative(Polynomial p) => p.Terms.Keys.Any(m => m.Factors.Any(f => f.Exponent.Sign < 0));

    private static bool IsMultiple(Polynomial p, Polynomial q, Monomial by, BigRational factor)
    {
        foreach (var (monomial, coefficient) in p.Terms)
        {
            if (!q.Terms.TryGetValue(Monomial.Multiply(monomial, by), out var other) || other != coefficient * factor)
                return false;
        }

        return true;
    }
}
