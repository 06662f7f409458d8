namespace ParallelR1.Data.Synthetic;

/// <summary>The goal of a search through a range.</summary>
internal enum SearchGoal
{
    /// <summary>Finds the first number that passes; the search stops there.</summary>
    Find,

    /// <summary>Counts the numbers that pass; every number is tested.</summary>
    Count,

    /// <summary>Finds the largest value; every number is tested.</summary>
    Best,
}

/// <summary>The test of one number.</summary>
/// <param name="Work">The calculation and the wanted result, such as <c>2*8+5 want3</c>.</param>
/// <param name="Passes">Whether the result is the wanted one.</param>
/// <param name="Value">The answer if the number passes, or the value to maximise.</param>
internal sealed record Trial(string Work, bool Passes, int Value);

/// <summary>A forward search through a range of numbers, one line per number. It can be split into independent slices.</summary>
/// <param name="Low">The first number.</param>
/// <param name="High">The last number.</param>
/// <param name="Goal">The goal of the search.</param>
/// <param name="Test">Tests one number.</param>
/// <remarks>
/// A line is self-contained: the number, the last number of its slice, the calculation, the wanted result, the verdict, and for a count or a
/// maximum the value so far. Everything a model needs to decide how the line continues stands in the line itself (<c>23of25:2*8+7 want3 no,1</c>).
/// </remarks>
internal sealed record RangeSearch(int Low, int High, SearchGoal Goal, Func<int, Trial> Test)
{
    private const string None = "none";

    public int Length => High - Low + 1;

    /// <summary>Searches a slice.</summary>
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

    /// <summary>Combines the results of the slices: the text that quotes them, and the answer.</summary>
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

    /// <summary>Splits the range into slices of equal length; the last may be shorter.</summary>
    public IReadOnlyList<(int From, int To)> Slices(int length)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        return [.. Enumerable.Range(0, (Length + length - 1) / length).Select(i => (Low + i * length, Math.Min(Low + (i + 1) * length - 1, High)))];
    }

    /// <summary>Gets the line that announces a split: the range and the length of a slice.</summary>
    public string Plan(int length) => $"{Low}-{High} by{length}";

    private string Verdict(Trial trial, int? soFar) => Goal switch
    {
        SearchGoal.Best => $"best{soFar}",
        SearchGoal.Count => trial.Passes ? $"yes,{soFar}" : $"no,{soFar}",
        _ => trial.Passes ? "yes" : "no",
    };

    /// <summary>Formats a result; <c>none</c> for null.</summary>
    public static string TextOf(int? result) => result?.ToString() ?? None;
}
