namespace ParallelR1.Data.Synthetic;

/// <summary>The reference solutions of a synthetic problem, from which the length of its shortest correct solution is known.</summary>
/// <param name="Straight">Solutions without tags by each route; for a search, through the whole range.</param>
/// <param name="Sliced">Solutions without tags in slices, for every split; for other problems, by both routes.</param>
/// <param name="Blocks">Solutions with a block, for every split.</param>
internal sealed record SyntheticSolutions(IReadOnlyList<string> Straight, IReadOnlyList<string> Sliced, IReadOnlyList<string> Blocks)
{
    /// <summary>Gets the solutions of problems of a synthetic set.</summary>
    /// <param name="set">Name of the set.</param>
    /// <param name="problems">Problems of the set, in its order.</param>
    /// <param name="paths">Number of paths of a block.</param>
    /// <param name="numbered">Whether the paths are numbered.</param>
    /// <returns>The solutions of each problem; null if the set is not synthetic or does not contain the problems.</returns>
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
