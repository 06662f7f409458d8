using ParallelR1.Thinking;

namespace ParallelR1.Data.ColdStart;

/// <summary>How examples are made from a teacher's answers.</summary>
public sealed record ColdStartOptions
{
    /// <summary>Whom to ask.</summary>
    public required TeacherOptions Teacher { get; init; }

    /// <summary>The prompt; the problem goes where <c>{Problem}</c> stands.</summary>
    public string PromptTemplate { get; init; } = TeacherPrompt.Default;

    /// <summary>Answers asked for, for each problem.</summary>
    public int Samples { get; init; } = 1;

    /// <summary>Requests under way at the same time.</summary>
    public int Concurrency { get; init; } = 8;

    /// <summary>What is kept.</summary>
    public ExampleFilterOptions Filter { get; init; } = new();

    /// <summary>Price of a million tokens of prompts; with <see cref="CompletionPrice"/> the report has the cost.</summary>
    public double? PromptPrice { get; init; }

    /// <summary>Price of a million tokens of replies.</summary>
    public double? CompletionPrice { get; init; }

    /// <summary>After so many samples in a row that failed in all retries the work ends; it can be resumed.</summary>
    public int MostFailuresInARow { get; init; } = 8;

    /// <summary>How long requests that are under way may still take when the work is interrupted.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(1.5);

    /// <exception cref="UsageException">A value makes no sense; names it.</exception>
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
