namespace ParallelR1.Grading;

/// <summary>
/// The released GSM8K grader, exactly: a number after <c>Final Answer:</c>, commas removed, compared as text with the gold answer as given.
/// Which match counts depends on the reward mode; <see cref="Grade"/> uses the one of the plain accuracy reward.
/// </summary>
public sealed class StrictGsm8kGrader : IExplainingGrader
{
    private const int Window = 300;
    private const string Marker = "Final Answer:";

    /// <inheritdoc/>
    public Grade Grade(string response, string answer)
    {
        ArgumentNullException.ThrowIfNull(response);
        ArgumentNullException.ThrowIfNull(answer);
        return Compare(ExtractLast(response), answer);
    }

    /// <inheritdoc/>
    public GradeExplanation Explain(string response, string answer)
    {
        var grade = Grade(response, answer);
        return new(grade, grade.Extracted is null ? "none" : "final_answer_line", grade.Extracted, answer, "equal text without commas");
    }

    /// <summary>Grades by <see cref="ExtractFirst"/>: what all GSM8K reward modes other than plain accuracy do.</summary>
    public static Grade GradeFirst(string response, string answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        return Compare(ExtractFirst(response), answer);
    }

    /// <summary>The number of the last match within the last 300 code points; the colon is followed by exactly one space.</summary>
    /// <returns>The number without commas (it may be empty), or null where nothing matches.</returns>
    public static string? ExtractLast(string response)
    {
        ArgumentNullException.ThrowIfNull(response);
        var text = PythonText.Tail(response, Window);
        string? last = null;
        for (var at = Next(text, 0); at >= 0; at = Next(text, at))
        {
            if (at < text.Length && text[at] == ' ' && NumberAt(text, at + 1) is { } number)
                last = number;
        }

        return last;
    }

    /// <summary>The number of the first match in the whole text; any white space, or none, may follow the colon.</summary>
    /// <returns>The number without commas (it may be empty), or null where nothing matches.</returns>
    public static string? ExtractFirst(string response)
    {
        ArgumentNullException.ThrowIfNull(response);
        for (var at = Next(response, 0); at >= 0; at = Next(response, at))
        {
            var start = at;
            while (start < response.Length && PythonText.IsSpace(response[start]))
                start++;
            if (NumberAt(response, start) is { } number)
                return number;
        }

        return null;
    }

    private static Grade Compare(string? number, string answer) => number is null
        ? new Grade(Verdict.NoAnswer, null)
        : new Grade(string.Equals(number, answer, StringComparison.Ordinal) ? Verdict.Correct : Verdict.Wrong, number);

    private static int Next(string text, int from)
    {
        var at = text.IndexOf(Marker, from, StringComparison.Ordinal);
        return at < 0 ? -1 : at + Marker.Length;
    }

    private static string? NumberAt(string text, int at)
    {
        var end = at < text.Length && text[at] == '-' ? at + 1 : at;
        var digits = end;
        while (end < text.Length && (char.IsAsciiDigit(text[end]) || text[end] is '.' or ','))
            end++;
        return end == digits ? null : PythonText.Replace(text[at..end], ",", "");
    }
}
