using ParallelR1.Thinking;

namespace ParallelR1.Data.Synthetic;

/// <summary>A problem in plain English with an integer answer and two different ways to it.</summary>
/// <param name="Kind">The family of problems it belongs to, such as <c>find-in-range</c>.</param>
/// <param name="Difficulty">Easy or hard.</param>
/// <param name="Split">Train, validation or test.</param>
/// <param name="Text">The problem.</param>
/// <param name="Answer">The answer.</param>
/// <param name="First">One way: step by step, or a search straight through its range.</param>
/// <param name="Second">The other way: regrouped, from the other end, or a search in two halves.</param>
internal sealed record SyntheticProblem(
    string Kind,
    SyntheticDifficulty Difficulty,
    SyntheticSplit Split,
    string Text,
    int Answer,
    SyntheticRoute First,
    SyntheticRoute Second)
{
    private const int MostPaths = 4;

    /// <summary>The search through a range that the problem is, where it is one.</summary>
    internal RangeSearch? Search { get; init; }

    /// <summary>A response without tags, drawn by <paramref name="key"/>: either route; a search straight through its range, or in slices, one after the other.</summary>
    public string Sequential(RandomKey key)
    {
        var other = key.Next(2) == 1;
        if (Search is { } search)
            return other ? Sliced(search, key, SolutionForm.Sequential) : Sequential(First);
        return Sequential(other ? Second : First);
    }

    /// <summary>A response without tags by <paramref name="route"/>.</summary>
    public static string Sequential(SyntheticRoute route)
    {
        ArgumentNullException.ThrowIfNull(route);
        return $"{route.Text}\n\nFinal Answer: {route.Result}";
    }

    /// <summary>A teacher's response with one block.</summary>
    /// <param name="key">Draws how many paths there are, how a range is cut, the order of routes, and whether routes are tried first or checked later.</param>
    /// <param name="form">With numbered paths or not, or the same text without tags, one part after the other.</param>
    /// <remarks>
    /// A search announces its slices, gives each to a path, at times opens more paths than there are slices, and joins what they found. Other
    /// problems are tried by both routes, or solved on the main line and then checked in a block.
    /// </remarks>
    public string Parallel(RandomKey key, SolutionForm form = SolutionForm.Parallel) =>
        Search is { } search ? Sliced(search, key, form) : Checked(key, form);

    private string Sliced(RangeSearch search, RandomKey key, SolutionForm form)
    {
        // Now and then slices are longer than they need be, and the last one is short.
        var wanted = 2 + key.Fold("slices").Next(search.Length < 6 ? 2 : MostPaths - 1);
        var length = (search.Length + wanted - 1) / wanted;
        if (2 * (length + 1) <= search.Length && key.Fold("longer").Next(6) == 0)
            length++;
        return Sliced(search, length, key.Fold("idle").Next(3) == 0 ? MostPaths : 0, form);
    }

    /// <summary>Every cut into at most so many slices as a block of that many paths, or one slice after the other; what is no search, by both routes.</summary>
    internal IEnumerable<string> Cuts(int paths, SolutionForm form) => Search is { } search
        ? Enumerable.Range(2, Math.Max(0, Math.Min(paths, search.Length) - 1)).Select(wanted => (search.Length + wanted - 1) / wanted).Distinct().Select(length => Sliced(search, length, paths, form))
        : [Checked(First, Second, paths, late: false, form), Checked(Second, First, paths, late: false, form)];

    /// <param name="search">The search.</param>
    /// <param name="length">Of a slice.</param>
    /// <param name="paths">Paths of the block at least; those without a slice say so.</param>
    /// <param name="form">The form.</param>
    private string Sliced(RangeSearch search, int length, int paths, SolutionForm form)
    {
        var slices = search.Slices(length);
        var idle = Math.Max(0, paths - slices.Count);
        var routes = slices.Select(slice => search.Scan(slice.From, slice.To)).ToArray();
        var (joined, result) = search.Join([.. routes.Select(route => route.Result)]);
        if (result != Answer)
            throw new InvalidOperationException($"{Kind}: the slices come to {RangeSearch.TextOf(result)}, the formula to {Answer}: {Text}");
        var plan = $"{search.Plan(length)}\n{string.Concat(routes.Select((route, i) => $"{(form == SolutionForm.Parallel ? "" : $"{i + 1}:")}{route.Name}\n"))}";
        var texts = routes.Select(route => route.Text);
        return form == SolutionForm.Sequential
            ? $"{plan}{string.Concat(texts.Select((text, i) => $"{PathNumbers.Text(i + 1)}{text}\n"))}{joined}\n\nFinal Answer: {Answer}"
            : $"{plan}{Block([.. texts, .. Enumerable.Repeat("no part\nso none", idle)], joined, form)}\n\nFinal Answer: {Answer}";
    }

    private string Checked(RandomKey key, SolutionForm form)
    {
        var (one, other) = key.Fold("order").Next(2) == 0 ? (First, Second) : (Second, First);
        var paths = 2 + key.Fold("paths").Next(3);
        return Checked(one, other, paths, key.Fold("late").Next(2) == 0, form);
    }

    private string Checked(SyntheticRoute one, SyntheticRoute other, int paths, bool late, SolutionForm form)
    {
        var routes = Enumerable.Range(0, paths).Select(i => i % 2 == 0 ? one : other).ToArray();
        var start = late ? $"{other.Text}\n" : "";
        var joined = $"{string.Join(" and ", routes.Select(route => RangeSearch.TextOf(route.Result)))}\nso {Answer}";
        return form == SolutionForm.Sequential
            ? $"{start}{string.Join('\n', routes.Take(2).Select(route => route.Text))}\n{Answer} and {Answer}\nso {Answer}\n\nFinal Answer: {Answer}"
            : $"{start}{Block([.. routes.Select(route => route.Text)], joined, form)}\n\nFinal Answer: {Answer}";
    }

    private static string Block(IReadOnlyList<string> paths, string summary, SolutionForm form) =>
        $"<Parallel>{string.Concat(paths.Select((text, i) => $"<Path>{(form == SolutionForm.Numbered ? PathNumbers.Text(i + 1) : "")}{text}</Path>"))}</Parallel>\n<Summary>{summary}</Summary>";
}

/// <summary>The form of a teacher's response.</summary>
internal enum SolutionForm
{
    /// <summary>A block whose paths do not know which they are.</summary>
    Parallel,

    /// <summary>A block whose paths begin with their ordinals.</summary>
    Numbered,

    /// <summary>The same parts one after the other, without tags.</summary>
    Sequential,
}
