using ParallelR1.Data;
using ParallelR1.Grading;
using ParallelR1.Thinking;

namespace ParallelR1.Evaluation.Arms;

/// <summary>Answers by majority: over independent samples, and over the paths of a block in place of its summary.</summary>
internal static class Voting
{
    /// <summary>The most frequent vote; of several the one that was cast first. Null: nobody voted.</summary>
    public static string? Majority(IEnumerable<string?> votes) =>
        votes.OfType<string>().GroupBy(vote => vote).MaxBy(same => same.Count())?.Key; // groups come in the order of their first vote, and MaxBy takes the first

    /// <summary>Takes samples n by n: what their vote answers, and whether any is right.</summary>
    /// <param name="suite">The suite's name.</param>
    /// <param name="problems">For each problem its samples, a multiple of <paramref name="n"/>.</param>
    /// <param name="n">Samples that answer together.</param>
    public static (SuiteResult Vote, SuiteResult Oracle) OverSamples(string suite, IReadOnlyList<IReadOnlyList<AnsweredResponse>> problems, int n)
    {
        var groups = problems.Select(samples => samples.Chunk(n).ToList()).ToList();
        var result = new SuiteResult
        {
            Name = suite,
            Samples = groups.Count > 0 ? groups[0].Count : 1,
            Correct = [.. groups.Select(g => g.Count(VotesRight))],
            NoAnswer = groups.Sum(g => g.Count(samples => samples.All(s => s.Answer is null))),
            TokensTotal = problems.Sum(samples => samples.Sum(s => (long)s.Tokens)),
            TokensCriticalPath = groups.Sum(g => g.Sum(samples => (long)samples.Max(s => s.CriticalTokens))),
        };
        return (result, result with { Correct = [.. groups.Select(g => g.Count(samples => samples.Any(s => s.IsCorrect)))] });

        static bool VotesRight(AnsweredResponse[] samples) =>
            Majority(samples.Select(s => s.Answer)) is { } vote && samples.First(s => s.Answer == vote).IsCorrect;
    }

    /// <summary>
    /// The responses with the summary of their last block replaced by a vote over what its paths arrive at; a response without a block keeps its
    /// answer. Tokens are those of the responses.
    /// </summary>
    /// <param name="result">What the responses came to by themselves.</param>
    /// <param name="problems">The problems.</param>
    /// <param name="responses">For each its responses.</param>
    /// <param name="grader">Says whether a vote is right.</param>
    public static SuiteResult OverPaths(SuiteResult result, IReadOnlyList<Problem> problems, IReadOnlyList<IReadOnlyList<AnsweredResponse>> responses, IAnswerGrader grader)
    {
        return result with { Correct = [.. problems.Zip(responses, (problem, samples) => samples.Count(s => IsRight(s, problem)))] };

        bool IsRight(AnsweredResponse response, Problem problem) => PathResults(response.Text) switch
        {
            [] => response.IsCorrect,
            var votes => Majority(votes) is { } vote && grader.Grade($"Final Answer: {vote}", problem.Answer).IsCorrect,
        };
    }

    /// <summary>Whether paths can vote: each works at the whole problem, or one of them finds what is sought. The parts of a count are summed, so there they cannot.</summary>
    public static bool MakesSense(Problem problem) => Goal(problem) != "count";

    /// <summary>What kind of search a problem is, as its set says it: <c>find</c>, <c>count</c> or <c>best</c>; null: none, or unknown.</summary>
    public static string? Goal(Problem problem) => (string?)problem.Meta["search"]?["goal"];

    /// <summary>What the paths of a response's last block arrive at, by path; null where one states nothing, or finds nothing. Empty: there is no block.</summary>
    public static IReadOnlyList<string?> PathResults(string response)
    {
        var start = response.LastIndexOf(ThinkingTag.ParallelOpen.Text(), StringComparison.Ordinal);
        if (start < 0)
            return [];
        var block = PathNumbers.Remove(response[start..]);
        var results = new List<string?>();
        foreach (var path in block.Split(ThinkingTag.PathOpen.Text())[1..])
            results.Add(ResultOf(path.Split(ThinkingTag.PathClose.Text())[0]));
        return results;
    }

    /// <summary>A path's last line, where that says a result.</summary>
    private static string? ResultOf(string path)
    {
        const string So = "so ";
        var last = path.TrimEnd().Split('\n')[^1];
        return last.StartsWith(So, StringComparison.Ordinal) && last[So.Length..].Trim() is { Length: > 0 } result && result != "none" ? result : null;
    }
}
