namespace ParallelR1.Data;

/// <summary>Detects gold answers that were cut at the first closing brace, and extracts the complete answer from the box in the solution.</summary>
internal static class BoxedAnswer
{
    /// <summary>Returns whether an answer was cut: its braces do not balance.</summary>
    public static bool IsCut(string answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        var depth = 0;
        for (var i = 0; i < answer.Length && depth >= 0; i++)
        {
            if (answer[i] == '\\')
                i++;
            else
                depth += answer[i] == '{' ? 1 : answer[i] == '}' ? -1 : 0;
        }

        return depth != 0;
    }

    /// <summary>Gets the content of the last <c>\boxed{…}</c> or <c>\fbox{…}</c> that is balanced and not blank; null if there is none.</summary>
    public static string? Last(string solution)
    {
        ArgumentNullException.ThrowIfNull(solution);
        var end = solution.Length;
        while (end > 0)
        {
            var start = Math.Max(
                solution.LastIndexOf("\\boxed", end - 1, StringComparison.Ordinal),
                solution.LastIndexOf("\\fbox", end - 1, StringComparison.Ordinal));
            if (start < 0)
                return null;
            if (Content(solution, start) is { } content && !TexSpace.IsBlank(content))
                return TexSpace.Trim(content);
            // An unclosed or blank box is skipped, and the one before it is tried.
            end = start;
        }

        return null;
    }

    private static string? Content(string text, int start)
    {
        var open = text.IndexOfAny(['{', '\n', '$'], start);
        if (open < 0 || text[open] != '{' || text[start..open].TrimEnd() is not ("\\boxed" or "\\fbox"))
            return null;
        var depth = 0;
        for (var i = open; i < text.Length; i++)
        {
            if (text[i] == '\\')
                i++;
            else if (text[i] == '{')
                depth++;
            else if (text[i] == '}' && --depth == 0)
                return text[(open + 1)..i];
        }

        return null;
    }
}

/// <summary>Replaces gold answers that were cut with the content of the solution's last box.</summary>
internal static class AnswerRepair
{
    /// <summary>Returns the problem with its answer repaired if necessary and possible; <c>meta.published_answer</c> keeps the original.</summary>
    public static Problem Apply(Problem problem)
    {
        if (!BoxedAnswer.IsCut(problem.Answer) || problem.Solution is null || BoxedAnswer.Last(problem.Solution) is not { Length: > 0 } whole)
            return problem;
        var meta = (System.Text.Json.Nodes.JsonObject)problem.Meta.DeepClone();
        meta["published_answer"] = problem.Answer;
        return problem with { Answer = whole, Meta = meta };
    }

    /// <summary>Returns whether <see cref="Apply"/> changed the answer.</summary>
    public static bool WasApplied(Problem problem) => problem.Meta.ContainsKey("published_answer");
}
