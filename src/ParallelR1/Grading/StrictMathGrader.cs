namespace ParallelR1.Grading;

/// <summary>
/// The released grader of the mathematics sets, exactly: the last <c>Final Answer:</c> line within the last 300 code points,
/// normalised by a list of replacements and compared as text. Grades the response as given; see <see cref="Graders"/> for the form without tags.
/// </summary>
public sealed class StrictMathGrader : IExplainingGrader
{
    private const int Window = 300;
    private const string Marker = "final answer";

    /// <inheritdoc/>
    public Grade Grade(string response, string answer)
    {
        ArgumentNullException.ThrowIfNull(response);
        ArgumentNullException.ThrowIfNull(answer);
        if (Extract(response) is not { } found)
            return new Grade(Verdict.NoAnswer, null);
        var prediction = Normalize(found);
        var same = string.Equals(prediction, Normalize(answer), StringComparison.Ordinal);
        return new Grade(same ? Verdict.Correct : Verdict.Wrong, prediction);
    }

    /// <inheritdoc/>
    public GradeExplanation Explain(string response, string answer)
    {
        var grade = Grade(response, answer);
        return new(grade, grade.Extracted is null ? "none" : "final_answer_line", grade.Extracted, Normalize(answer), "equal text after normalisation");
    }

    /// <summary>The text after the last answer marker, up to the line feed; null where there is no marker with text after it.</summary>
    public static string? Extract(string response)
    {
        ArgumentNullException.ThrowIfNull(response);
        var text = PythonText.Tail(response, Window);
        string? last = null;
        var at = 0;
        while (at + Marker.Length < text.Length)
        {
            if (TryMatch(text, at, out var start))
            {
                var end = text.IndexOf('\n', start);
                end = end < 0 ? text.Length : end;
                last = text[start..end];
                at = end;
            }
            else
            {
                at++;
            }
        }

        return last;
    }

    /// <summary>The released normalisation of a prediction or of a gold answer.</summary>
    public static string Normalize(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return StrictMathNormalizer.Normalize(text);
    }

    /// <summary>Matches the marker, white space, a colon, white space; gives back white space where nothing but it follows.</summary>
    private static bool TryMatch(string text, int at, out int start)
    {
        start = at;
        foreach (var letter in Marker)
        {
            if (start >= text.Length || !PythonText.EqualsIgnoreCase(text[start++], letter))
                return false;
        }

        while (start < text.Length && PythonText.IsSpace(text[start]))
            start++;
        if (start >= text.Length || text[start++] != ':')
            return false;
        var colon = start;
        while (start < text.Length && PythonText.IsSpace(text[start]))
            start++;
        while (start > colon && (start == text.Length || text[start] == '\n'))
            start--;
        return start < text.Length && text[start] != '\n';
    }
}
