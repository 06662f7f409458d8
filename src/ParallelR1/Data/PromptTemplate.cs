namespace ParallelR1.Data;

/// <summary>Takes the bare problem out of prompts that published sets store with a template around it.</summary>
internal static class PromptTemplate
{
    private const string Separator = "\n\n";

    /// <summary>
    /// The problem, all its paragraphs. Recognised: the parallel-thinking templates, which end in <c>Problem: …</c>, and the wrapping of
    /// DAPO-Math-17k (an instruction before, a reminder behind). Anything else is the problem itself.
    /// </summary>
    public static string Strip(string prompt)
    {
        if (prompt.StartsWith("Solve the following problem step by step.", StringComparison.Ordinal)
            && prompt.Contains("<Parallel>", StringComparison.Ordinal)
            && prompt.IndexOf("\n\nProblem: ", StringComparison.Ordinal) is > 0 and var problem)
        {
            return prompt[(problem + "\n\nProblem: ".Length)..].Trim();
        }

        return StripDapo(prompt);
    }

    // The published script kept only what stands between the first and the second blank line, and so lost all later paragraphs.
    private static string StripDapo(string prompt)
    {
        if (!prompt.StartsWith("Solve the following math problem step by step.", StringComparison.Ordinal))
            return prompt.Trim();
        var begin = prompt.IndexOf(Separator, StringComparison.Ordinal);
        if (begin < 0)
            return prompt.Trim();
        begin += Separator.Length;
        var end = prompt.LastIndexOf(Separator, StringComparison.Ordinal);
        var hasReminder = end >= begin && prompt[(end + Separator.Length)..].StartsWith("Remember to put your answer", StringComparison.Ordinal);
        return prompt[begin..(hasReminder ? end : prompt.Length)].Trim();
    }
}
