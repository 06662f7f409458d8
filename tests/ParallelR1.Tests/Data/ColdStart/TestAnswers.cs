using System.Text.Json.Nodes;
using ParallelR1.Data;

namespace ParallelR1.Tests.Data.ColdStart;

/// <summary>Answers as good and bad teachers write them.</summary>
internal static class TestAnswers
{
    public static string Good(string answer) =>
        $"""
        The basket holds apples and pears, and I need their number.
        <Parallel>
        <Path>
        Adding up what is listed, 2 apples and 2 pears, gives 2 + 2 = {answer}.
        </Path>
        <Path>
        There are as many pears as apples, so the number is twice that of the apples: 2 * 2 = {answer}.
        </Path>
        </Parallel>
        <Summary>
        Adding and doubling agree on {answer}.
        </Summary>
        So there are {answer} pieces of fruit.

        Final Answer: {answer}
        """;

    public static Problem Problem(int number, string answer = "4") =>
        new($"p-{number}", $"Basket {number} holds 2 apples and 2 pears. How many pieces of fruit?", answer, null, "tests", "train", new JsonObject { ["level"] = "easy" });

    public static IReadOnlyList<Problem> Problems(int count) => [.. Enumerable.Range(0, count).Select(i => Problem(i))];
}
