using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ParallelR1.Data;
using ParallelR1.Grading;
using ParallelR1.Thinking;

namespace ParallelR1.Training.Policy;

/// <summary>What a token's advantage is based on.</summary>
public enum CreditAssignment
{
    /// <summary>The advantage of its response.</summary>
    Response,

    /// <summary>For tokens of a path, the advantage of that path; for all others, the advantage of the response.</summary>
    Parts,
}

/// <summary>
/// Assigns credit by part: tokens of a path get the advantage of their path, tokens of the main line and the summaries that of the response.
/// </summary>
/// <remarks>
/// A path scores 1 if it states the correct result of its part and covers a value that no other path of its block covers; 0 if its result is
/// correct but it covers nothing alone; −1 if its result is wrong or missing. Its advantage is relative to all paths of its group of
/// responses, by the same rule as for responses. In a problem that is not a search, the part of a path is the whole problem.
/// </remarks>
internal static partial class PartCredit
{
    private const string SearchKey = "search";
    private static readonly SemanticGrader s_grader = new();

    /// <summary>Checks that all problems state the results of their parts.</summary>
    /// <exception cref="UsageException">A problem does not; the message names it.</exception>
    public static void Require(IEnumerable<Problem> problems, string set)
    {
        if (problems.FirstOrDefault(p => !p.Meta.ContainsKey(SearchKey)) is { } problem)
        {
            throw new UsageException(
                $"rl.credit: parts needs problems that say what each part of them comes to (meta.{SearchKey}), and '{problem.Id}' of {set} does not; "
                + "use rl.credit: response, or a synthetic set");
        }
    }

    /// <summary>Computes the advantages of the tokens of each response.</summary>
    /// <param name="rollouts">The responses.</param>
    /// <param name="advantages">The advantage of each response as a whole.</param>
    /// <param name="decode">Decodes token ids to text.</param>
    /// <param name="scale">The rule that turns the scores of a group's paths into advantages.</param>
    /// <returns>For each response [response tokens].</returns>
    public static float[][] Advantages(IReadOnlyList<Rollout> rollouts, double[] advantages, Func<int[], string> decode, AdvantageScale scale)
    {
        var paths = new List<(int Rollout, ParallelPath Path, double Score)>();
        for (var i = 0; i < rollouts.Count; i++)
        {
            var ids = rollouts[i].Ids;
            foreach (var block in rollouts[i].Layout.Blocks.Where(b => b.ParentBlock < 0))
            {
                string[] texts = [.. block.Paths.Select(path => TagText.Strip(decode(ids[(path.Start + 1 + path.NumberTokens)..path.End])))];
                var scores = Scores(rollouts[i].Problem, texts);
                paths.AddRange(block.Paths.Select((path, p) => (i, path, scores[p])));
            }
        }

        float[][] tokens = [.. rollouts.Select((r, i) => Enumerable.Repeat((float)advantages[i], r.Result.Ids.Length).ToArray())];
        var own = GroupAdvantages.Compute([.. paths.Select(p => p.Score)], [.. paths.Select(p => rollouts[p.Rollout].Group)], scale, [.. paths.Select(p => p.Path.End - p.Path.Start)]);
        foreach (var ((rollout, path, _), advantage) in paths.Zip(own))
        {
            var prompt = rollouts[rollout].Result.Prompt.Length;
            tokens[rollout].AsSpan((path.Start - prompt)..(path.End - prompt)).Fill((float)advantage);
        }

        return tokens;
    }

    /// <summary>Computes the score of each path of a block.</summary>
    internal static double[] Scores(Problem problem, IReadOnlyList<string> paths)
    {
        if (problem.Meta[SearchKey] is not JsonObject search)
            return [.. paths.Select(text => s_grader.Grade(text, problem.Answer).IsCorrect ? 1.0 : -1)];
        var (low, goal) = ((int)search["low"]!, (string)search["goal"]!);
        int?[] values = [.. search["values"]!.AsArray().Select(v => (int?)v)];
        var slices = paths.Select(text => Read(text, low, values.Length)).ToArray();
        var looks = new int[values.Length];
        foreach (var slice in slices.Where(s => s.Length > 0))
        {
            foreach (ref var count in looks.AsSpan(slice.Start, slice.Length))
                count++;
        }

        return [.. slices.Select(slice =>
            slice.Length == 0 || !slice.States || slice.Result != Truth(goal, values.AsSpan(slice.Start, slice.Length)) ? -1
            : looks.AsSpan(slice.Start, slice.Length).Contains(1) ? 1.0 : 0)];
    }

    private static int? Truth(string goal, ReadOnlySpan<int?> values)
    {
        int? result = goal == "count" ? 0 : null;
        foreach (var value in values)
        {
            result = goal switch
            {
                "count" => result + (value ?? 0),
                "find" => result ?? value,
                _ => Math.Max(result ?? int.MinValue, value ?? int.MinValue),
            };
        }

        return result;
    }

    // Reads the slice that a path states it searches, as indices into the range, and the result that it states.
    private static (int Start, int Length, bool States, int? Result) Read(string text, int low, int count)
    {
        if (Slice().Match(text) is not { Success: true } slice)
            return default;
        var (from, to) = (int.Parse(slice.Groups[1].ValueSpan, CultureInfo.InvariantCulture) - low, int.Parse(slice.Groups[2].ValueSpan, CultureInfo.InvariantCulture) - low);
        if (from < 0 || to >= count || to < from)
            return default;
        var result = Result().Match(text);
        return (from, to - from + 1, result.Success, result.Success && int.TryParse(result.Groups[1].ValueSpan, CultureInfo.InvariantCulture, out var value) ? value : null);
    }

    [GeneratedRegex(@"^(\d{1,6})-(\d{1,6}):", RegexOptions.CultureInvariant)]
    private static partial Regex Slice();

    [GeneratedRegex(@"\nso (\d{1,6}|none)\s*$", RegexOptions.CultureInvariant)]
    private static partial Regex Result();
}
