namespace ParallelR1.Data.Synthetic;

/// <summary>The words that vary between problems: few, so that a model with a small vocabulary sees each of them often.</summary>
internal static class Words
{
    public static readonly string[] Names =
        ["Anna", "Ben", "Clara", "David", "Emma", "Felix", "Grace", "Henry", "Iris", "Jonas", "Lena", "Max"];

    public static readonly string[] Things =
        ["apples", "books", "cards", "coins", "eggs", "flowers", "lamps", "nuts", "pens", "shells", "stamps", "stones"];

    /// <summary>Sentences with a number that is irrelevant to the question.</summary>
    public static readonly string[] Distractions =
    [
        "{0} is {1} years old.",
        "{0} lives at number {1}.",
        "It took {1} minutes.",
        "{0} wears a shirt with number {1}.",
    ];

    public static string Distraction(Draws draws, string name) => string.Format(draws.Pick(Distractions), name, draws.Between(5, 60));
}
