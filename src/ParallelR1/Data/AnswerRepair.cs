namespace ParallelR1.Data;

/// <summary>Replaces gold answers that were cut in the middle by the content of the solution's last box.</summary>
internal static class AnswerRepair
{
    /// <summary>The problem, its answer repaired where that is needed and possible (<c>meta.published_answer</c> keeps the old one).</summary>
    public static Problem Apply(Problem problem)
    {
        if (!BoxedAnswer.IsCut(problem.Answer) || problem.Solution is null || BoxedAnswer.Last(problem.Solution) is not { Length: > 0 } whole)
            return problem;
        var meta = (System.Text.Json.Nodes.JsonObject)problem.Meta.DeepClone();
        meta["published_answer"] = problem.Answer;
        return problem with { Answer = whole, Meta = meta };
    }

    /// <summary>Whether <see cref="Apply"/> changed the answer.</summary>
    public static bool WasApplied(Problem problem) => problem.Meta.ContainsKey("published_answer");
}
