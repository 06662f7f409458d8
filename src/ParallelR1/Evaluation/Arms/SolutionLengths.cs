using ParallelR1.Data.Synthetic;
using ParallelR1.Generation;
using ParallelR1.Thinking;

namespace ParallelR1.Evaluation.Arms;

/// <summary>For each problem the tokens of its shortest correct solutions, counted as <c>tokens_critical_path</c> is, the end-of-text included.</summary>
/// <param name="Straight">Without tags, straight through.</param>
/// <param name="Sliced">Without tags, one slice after the other.</param>
/// <param name="Blocks">On the critical path of the best cut.</param>
internal sealed record SolutionLengths(IReadOnlyList<int> Straight, IReadOnlyList<int> Sliced, IReadOnlyList<int> Blocks)
{
    /// <summary>Counts the solutions of a suite.</summary>
    /// <param name="suite">The suite.</param>
    /// <param name="parallel">Writes blocks.</param>
    /// <param name="plain">Writes none.</param>
    /// <param name="paths">Paths of a block.</param>
    /// <returns>Null where nobody knows the solutions of these problems.</returns>
    public static SolutionLengths? Of(EvaluationSuite suite, LanguageModel parallel, LanguageModel plain, int paths)
    {
        if (parallel.Tags is not { } tags || SyntheticSolutions.Of(suite.Name, suite.Problems, paths, parallel.NumberPaths) is not { } solutions)
            return null;
        return new SolutionLengths(
            [.. solutions.Select(s => s.Straight.Min(Plain))],
            [.. solutions.Select(s => s.Sliced.Min(Plain))],
            [.. solutions.Select(s => s.Blocks.Min(InBlocks))]);

        int Plain(string text) => plain.EncodeText(text).Length + 1;
        int InBlocks(string text) => TraceLayout.Read([.. parallel.EncodeResponse(text), parallel.EosId], 0, tags).CriticalPathLength;
    }

    /// <summary>Whether a problem can be solved without blocks within a cap.</summary>
    public bool FitsPlain(int problem, int cap) => Math.Min(Straight[problem], Sliced[problem]) <= cap;

    /// <summary>Whether an arm that may open blocks, and may do without, can solve it.</summary>
    public bool FitsParallel(int problem, int cap) => Blocks[problem] <= cap || FitsPlain(problem, cap);

    /// <summary>Whether both can.</summary>
    public bool FitsBoth(int problem, int cap) => FitsPlain(problem, cap) && FitsParallel(problem, cap);

    /// <summary>The shares at a cap.</summary>
    public CapFit At(int cap)
    {
        var problems = Enumerable.Range(0, Straight.Count).ToList();
        return new CapFit(cap, Share(p => Straight[p] <= cap), Share(p => Sliced[p] <= cap), Share(p => Blocks[p] <= cap), Share(p => FitsPlain(p, cap)), Share(p => FitsParallel(p, cap)));

        double Share(Func<int, bool> fits) => problems.Count > 0 ? (double)problems.Count(fits) / problems.Count : 0;
    }
}

/// <summary>What a cap alone decides: shares of the problems whose shortest correct solution fits into it.</summary>
/// <param name="Cap">The cap.</param>
/// <param name="Straight">Without tags, straight through.</param>
/// <param name="Sliced">Without tags, one slice after the other.</param>
/// <param name="Blocks">In a block, by the best cut.</param>
/// <param name="Plain">Without tags, either way: what a control can solve, and so can both arms.</param>
/// <param name="Parallel">In a block or without: what the parallel arm can solve.</param>
public sealed record CapFit(int Cap, double Straight, double Sliced, double Blocks, double Plain, double Parallel);
