using ParallelR1.Thinking;

namespace ParallelR1.Data.ColdStart;

/// <summary>Options for making cold-start examples from a teacher's answers.</summary>
public sealed record ColdStartOptions
{
    /// <summary>The teacher to ask.</summary>
    public required TeacherOptions Teacher { get; init; }

    /// <summary>The prompt template, with <c>{Problem}</c> for the problem; <see cref="TeacherPrompt.Default"/> by default.</summary>
    public string PromptTemplate { get; init; } = TeacherPrompt.Default;

    /// <summary>Number of answers requested per problem.</summary>
    public int Samples { get; init; } = 1;

    /// <summary>Number of concurrent requests.</summary>
    public int Concurrency { get; init; } = 8;

    /// <summary>The filters that decide which answers are kept.</summary>
    public ExampleFilterOptions Filter { get; init; } = new();

    /// <summary>Price per million prompt tokens; if this and <see cref="CompletionPrice"/> are set, the report contains the cost.</summary>
    public double? PromptPrice { get; init; }

    /// <summary>Price per million completion tokens.</summary>
    public double? CompletionPrice { get; init; }

    /// <summary>Number of consecutive samples that failed in all retries after which the run stops; it can be resumed.</summary>
    public int MostFailuresInARow { get; init; } = 8;

    /// <summary>Time for which pending requests may still complete after an interruption.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(1.5);

    /// <summary>Checks the values, and parses the template.</summary>
    /// <exception cref="UsageException">A value is out of range; the message names it.</exception>
    internal ProblemTemplate Check()
    {
        if (Samples is < 1 or > 10_000)
            throw new UsageException($"samples {Samples}: expected 1 to 10,000");
        if (Concurrency is < 1 or > 1024)
            throw new UsageException($"concurrency {Concurrency}: expected 1 to 1,024");
        if (PromptPrice is { } prompt && !(prompt >= 0) || CompletionPrice is { } completion && !(completion >= 0))
            throw new UsageException("a price must not be negative");
        return new ProblemTemplate(PromptTemplate);
    }
}
