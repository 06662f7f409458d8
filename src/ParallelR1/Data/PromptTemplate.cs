namespace ParallelR1.Data;

/// <summary>Extracts the problem from prompts that published sets store with a template around it.</summary>
internal static class PromptTemplate
{
    private const string Separator = "\n\n";

    /// <summary>
    /// Gets the problem with all its paragraphs. Recognised are the parallel-thinking templates, which end in <c>Problem: …</c>, and that of
    /// DAPO-Math-17k (an instruction before and a reminder after the problem). Any other text is returned unchanged.
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

    // The published script keeps only the text between the first two blank lines, and so loses all later paragraphs.
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
