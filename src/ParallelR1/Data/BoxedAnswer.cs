namespace ParallelR1.Data;

/// <summary>Gold answers of sets whose extraction stopped at the first closing brace, and the box in the solution that has the whole.</summary>
internal static class BoxedAnswer
{
    /// <summary>Whether the braces of an answer do not balance: it was cut in the middle.</summary>
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

    /// <summary>The content of the last <c>\boxed{…}</c> (or <c>\fbox{…}</c>) whose braces balance and that holds more than space; null if there is none.</summary>
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
            // Of an unclosed or empty box, what stands in front decides.
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
