namespace ParallelR1.Grading.Semantic.Sentences;

/// <summary>
/// Whether a sentence says something else of a value than that it is the answer, by kind: that it approximates, bounds, is computed from the answer,
/// is refused, was said before, stands half-way, holds under a condition, is somebody's opinion or hope, follows from a mistake, is altered, or numbers a part of a text.
/// </summary>
internal static class Qualification
{
    /// <param name="terms">The sentence.</param>
    /// <param name="at">The place of the value.</param>
    /// <param name="left">The words before it in its clause, the nearest first.</param>
    /// <param name="right">The words behind it.</param>
    public static bool Refuses(List<Term> terms, int at, string[] left, string[] right)
    {
        var clause = new Clause(left);
        return Approximations.IsApproximate(terms, at, clause, right) || Bounds.IsBound(terms, at, clause, right) || FunctionsOfAnswer.IsComputed(terms, at, clause, right)
            || Refusals.IsRefused(terms, at, clause, right) || EarlierAnswers.IsFormer(terms, clause, right)
            || UnfinishedWork.IsHalfWay(terms, at, clause) || UnfinishedWork.IsToBeContinued(terms, at, clause, right)
            || Conditions.IsConditional(terms, at, right) || Conditions.IsCounterfactual(terms, at, clause, right)
            || Opinions.IsReported(terms, at, clause, right) || Opinions.IsHoped(terms, at, clause, right) || Opinions.IsLikely(clause, right) || Opinions.IsOffered(clause)
            || Mistakes.IsMistaken(terms, at, clause, right) || Alterations.IsInserted(terms, at) || Alterations.IsAltered(terms, at, right) || References.IsReference(terms, at, clause, right);
    }
}
