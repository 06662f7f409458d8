namespace ParallelR1.Data.Synthetic;

/// <summary>How a teacher solves the problems of the synthetic sets: what the shortest correct solution of a problem takes is known for these.</summary>
/// <param name="Straight">Without tags, by each route; a search straight through its range.</param>
/// <param name="Sliced">Without tags, one slice after the other, for every cut; what is no search, by both routes.</param>
/// <param name="Blocks">With a block, for every cut, paths numbered or not.</param>
internal sealed record SyntheticSolutions(IReadOnlyList<string> Straight, IReadOnlyList<string> Sliced, IReadOnlyList<string> Blocks)
{
    /// <summary>The solutions of problems of a synthetic set.</summary>
    /// <param name="set">The set's name.</param>
    /// <param name="problems">Problems of it, in its order.</param>
    /// <param name="paths">Paths of a block.</param>
    /// <param name="numbered">Whether they are numbered.</param>
    /// <returns>For each problem its solutions; null where the set is none that is made here, or does not hold the problems.</returns>
    public static IReadOnlyList<SyntheticSolutions>? Of(string set, IReadOnlyList<Problem> problems, int paths, bool numbered)
    {
        ArgumentNullException.ThrowIfNull(problems);
        if (KnownSets.Find(set) is not { IsSynthetic: true } known)
            return null;
        var solutions = new List<SyntheticSolutions>();
        foreach (var problem in SyntheticFolder.Drawn(known))
        {
            if (solutions.Count < problems.Count && problem.Text == problems[solutions.Count].Text)
                solutions.Add(Of(problem, paths, numbered ? SolutionForm.Numbered : SolutionForm.Parallel));
            if (solutions.Count == problems.Count)
                return solutions;
        }

        return null;
    }

    private static SyntheticSolutions Of(SyntheticProblem problem, int paths, SolutionForm form) => new(
        problem.Search is null ? [SyntheticProblem.Sequential(problem.First), SyntheticProblem.Sequential(problem.Second)] : [SyntheticProblem.Sequential(problem.First)],
        [.. problem.Cuts(paths, SolutionForm.Sequential)],
        [.. problem.Cuts(paths, form)]);
}
