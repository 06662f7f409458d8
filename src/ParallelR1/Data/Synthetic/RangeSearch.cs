namespace ParallelR1.Data.Synthetic;

/// <summary>What a search through a range is for.</summary>
internal enum SearchGoal
{
    /// <summary>The first number that passes; the search ends there.</summary>
    Find,

    /// <summary>How many numbers pass; every number has to be looked at.</summary>
    Count,

    /// <summary>The largest value; every number has to be looked at.</summary>
    Best,
}

/// <summary>One number looked at.</summary>
/// <param name="Work">The calculation with what is wanted of it, such as <c>2*8+5 want3</c>.</param>
/// <param name="Passes">Whether it is what was wanted.</param>
/// <param name="Value">What it is worth: the answer if it is found, or the value whose largest is sought.</param>
internal sealed record Trial(string Work, bool Passes, int Value);

/// <summary>A search through the numbers of a range, forward, each tested on a line of its own. It can be cut into slices that need nothing of each other.</summary>
/// <param name="Low">The first number.</param>
/// <param name="High">The last number.</param>
/// <param name="Goal">What is sought.</param>
/// <param name="Test">Looks at a number.</param>
/// <remarks>
/// A line stands by itself: the number, the last one of its slice, the calculation, what is wanted, the verdict, and for a count or a best
/// what it is so far. Whoever writes it has the evidence for each decision beside it (<c>23of25:2*8+7 want3 no,1</c>).
/// </remarks>
internal sealed record RangeSearch(int Low, int High, SearchGoal Goal, Func<int, Trial> Test)
{
    private const string None = "none";

    public int Length => High - Low + 1;

    /// <summary>Looks through a slice.</summary>
    public SyntheticRoute Scan(int from, int to)
    {
        var lines = new List<string>();
        int? result = Goal == SearchGoal.Count ? 0 : null;
        for (var x = from; x <= to; x++)
        {
            var trial = Test(x);
            result = Goal switch
            {
                SearchGoal.Find => trial.Passes ? trial.Value : null,
                SearchGoal.Count => result + (trial.Passes ? 1 : 0),
                _ => Math.Max(result ?? 0, trial.Value),
            };
            lines.Add($"{x}of{to}:{trial.Work} {Verdict(trial, result)}");
            if (Goal == SearchGoal.Find && trial.Passes)
                break;
        }

        return new SyntheticRoute($"{from}-{to}", lines, result);
    }

    /// <summary>What the slices come to together: their results quoted, and the answer.</summary>
    public (string Text, int? Result) Join(IReadOnlyList<int?> results)
    {
        if (Goal == SearchGoal.Count)
        {
            var sums = new Work("");
            var counted = results.OfType<int>().ToArray();
            var total = counted.Skip(1).Aggregate(counted[0], sums.Add);
            return ($"{string.Concat(sums.Lines.Select(line => line + "\n"))}so {total}", total);
        }

        int? joined = Goal == SearchGoal.Find ? results.FirstOrDefault(r => r is not null) : results.Max();
        return ($"{string.Join(" and ", results.Select(TextOf))}\nso {TextOf(joined)}", joined);
    }

    /// <summary>Cuts the range into slices of one length, of which the last may be shorter.</summary>
    public IReadOnlyList<(int From, int To)> Slices(int length)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        return [.. Enumerable.Range(0, (Length + length - 1) / length).Select(i => (Low + i * length, Math.Min(Low + (i + 1) * length - 1, High)))];
    }

    /// <summary>How a cut is announced: the range, and the length of a slice.</summary>
    public string Plan(int length) => $"{Low}-{High} by{length}";

    private string Verdict(Trial trial, int? soFar) => Goal switch
    {
        SearchGoal.Best => $"best{soFar}",
        SearchGoal.Count => trial.Passes ? $"yes,{soFar}" : $"no,{soFar}",
        _ => trial.Passes ? "yes" : "no",
    };

    /// <summary>A result in words.</summary>
    public static string TextOf(int? result) => result?.ToString() ?? None;
}
