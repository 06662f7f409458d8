namespace ParallelR1.Thinking;

/// <summary>The prompt text around a problem: a built-in template, or a user's text with <c>{Problem}</c>.</summary>
public sealed class ProblemTemplate
{
    /// <summary>The placeholder for the problem.</summary>
    public const string Placeholder = "{Problem}";

    private const string ParallelThinking =
        """
        Work through the problem below one step at a time.
        Wherever a step could gain from several points of view or from independent lines of reasoning, put in a parallel block.

        Rules for a parallel block:
        Begin it with <Parallel>.
        Write two or more distinct paths that do not depend on each other.
        Put each path between <Path> and </Path>.
        Do not number or order the paths and never refer from one to another: they are written at the same time, each without knowledge of the others.
        End the block with </Parallel>.
        Directly after each </Parallel>, state briefly what all the paths together have shown, between <Summary> and </Summary>.

        Do this as often as it helps, and only where it helps.
        Do not say that you are about to think in parallel; let the blocks come naturally in your reasoning.

        Close with a line that begins with Final Answer: and gives the result.

        Problem: {Problem}
        """;

    private const string Baseline = "{Problem}\nThink step by step, and give the result on a last line after \"Final Answer: \".";

    private static readonly Dictionary<string, string> BuiltIn = new(StringComparer.Ordinal)
    {
        ["parallel-thinking"] = ParallelThinking,
        ["baseline"] = Baseline,
        ["no-prompt"] = Placeholder,
        // Short names, as the recipes write them.
        ["parallel"] = ParallelThinking,
        ["none"] = Placeholder,
        ["mini"] = "Problem: {Problem}\n",
    };

    private readonly string[] _parts;

    /// <summary>Initializes a template.</summary>
    /// <param name="text">The template's text, with <c>{Problem}</c> for the problem.</param>
    /// <exception cref="UsageException">The text has no <c>{Problem}</c>.</exception>
    public ProblemTemplate(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        _parts = text.Split(Placeholder);
        if (_parts.Length == 1)
            throw new UsageException($"the prompt template has no {Placeholder}, where the problem goes");
    }

    /// <summary>Gets the names of the built-in templates.</summary>
    public static IReadOnlyCollection<string> Names => BuiltIn.Keys;

    /// <summary>Loads a built-in template by name (<c>parallel</c> and <c>none</c> are short for <c>parallel-thinking</c> and <c>no-prompt</c>), or a file.</summary>
    /// <param name="nameOrFile">One of <see cref="Names"/>, or the path of a text file.</param>
    /// <exception cref="UsageException">There is no such template or file, or the text has no <c>{Problem}</c>.</exception>
    public static ProblemTemplate Load(string nameOrFile)
    {
        ArgumentNullException.ThrowIfNull(nameOrFile);
        if (BuiltIn.TryGetValue(nameOrFile, out var text))
            return new ProblemTemplate(text);
        if (!File.Exists(nameOrFile))
            throw new UsageException($"no prompt template or file '{nameOrFile}'; the templates are {string.Join(", ", Names)}");
        try
        {
            return new ProblemTemplate(File.ReadAllText(nameOrFile));
        }
        catch (UsageException e)
        {
            throw new UsageException($"{nameOrFile}: {e.Message}", e);
        }
    }

    /// <summary>Gets the template's text, with <see cref="Placeholder"/> for the problem.</summary>
    public string Text => string.Join(Placeholder, _parts);

    /// <summary>Formats the prompt for a problem. Braces in the problem are ordinary characters.</summary>
    /// <param name="problem">The problem.</param>
    /// <returns>The template's text with the problem in place of each <see cref="Placeholder"/>.</returns>
    public string Format(string problem) => string.Join(problem, _parts);
}
