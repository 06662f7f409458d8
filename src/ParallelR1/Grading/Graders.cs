namespace ParallelR1.Grading;

/// <summary>The graders by the names that recipes and the command line use.</summary>
public static class Graders
{
    /// <summary>The valid names.</summary>
    public static IReadOnlyList<string> Names { get; } = ["strict", "strict-gsm8k", "semantic"];

    /// <summary>The grader of a name.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="raw">Give the strict graders the response with its tags; otherwise the six tags are removed first, as training and evaluation see the text.</param>
    /// <exception cref="UsageException">There is no such grader.</exception>
    public static IExplainingGrader ByName(string name, bool raw = false) => name switch
    {
        "strict" => Wrap(new StrictMathGrader(), raw),
        "strict-gsm8k" => Wrap(new StrictGsm8kGrader(), raw),
        "semantic" => new SemanticGrader(),
        _ => throw new UsageException($"no grader '{name}'; the graders are {string.Join(", ", Names)}"),
    };

    private static IExplainingGrader Wrap(IExplainingGrader grader, bool raw) => raw ? grader : new TagStrippingGrader(grader);
}
