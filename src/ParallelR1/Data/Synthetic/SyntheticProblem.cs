using ParallelR1.Thinking;

namespace ParallelR1.Data.Synthetic;

/// <summary>A word problem with an integer answer and two different solutions.</summary>
/// <param name="Kind">Name of its kind, such as <c>find-in-range</c>.</param>
/// <param name="Difficulty">Easy or hard.</param>
/// <param name="Split">Train, validation or test.</param>
/// <param name="Text">The problem.</param>
/// <param name="Answer">The answer.</param>
/// <param name="First">The first solution: step by step, or a search through the whole range.</param>
/// <param name="Second">The second solution: regrouped, from the other end, or a search in two halves.</param>
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

    /// <summary>Gets the range search that solves the problem; null for other problems.</summary>
    internal RangeSearch? Search { get; init; }

    /// <summary>Draws a response without tags: one of the two routes; for a search, the whole range or its slices one after the other.</summary>
    public string Sequential(RandomKey key)
    {
        var other = key.Next(2) == 1;
        if (Search is { } search)
            return other ? Sliced(search, key, SolutionForm.Sequential) : Sequential(First);
        return Sequential(other ? Second : First);
    }

    /// <summary>Formats <paramref name="route"/> as a response without tags.</summary>
    public static string Sequential(SyntheticRoute route)
    {
        ArgumentNullException.ThrowIfNull(route);
        return $"{route.Text}\n\nFinal Answer: {route.Result}";
    }

    /// <summary>Draws a response with one block.</summary>
    /// <param name="key">The key from which the number of paths, the slices, the order of the routes and the place of the block are drawn.</param>
    /// <param name="form">The form of the response.</param>
    /// <remarks>
    /// A search announces its slices, assigns one to each path, sometimes with idle paths besides, and summarises the results. Other problems
    /// are solved by both routes in a block, or solved on the main line and then checked in a block.
    /// </remarks>
    /// <param name="wrong">A wrong route that one of the paths of a check takes; null for none.</param>
    public string Parallel(RandomKey key, SolutionForm form = SolutionForm.Parallel, SyntheticRoute? wrong = null) =>
        Search is { } search ? Sliced(search, key, form) : Checked(key, form, wrong);

    /// <summary>Gets the route that a response without tags takes, if its result is wrong; null for any other response, and for searches, whose slices cannot make up for each other.</summary>
    public SyntheticRoute? WrongRoute(string response) =>
        Search is null && SyntheticRoute.Parse(response) is { } route && route.Result != Answer && (route.Name == First.Name || route.Name == Second.Name) ? route : null;

    private string Sliced(RangeSearch search, RandomKey key, SolutionForm form)
    {
        // One time in six the slices are longer than necessary, and the last one is shorter.
        var wanted = 2 + key.Fold("slices").Next(search.Length < 6 ? 2 : MostPaths - 1);
        var length = (search.Length + wanted - 1) / wanted;
        if (2 * (length + 1) <= search.Length && key.Fold("longer").Next(6) == 0)
            length++;
        return Sliced(search, length, key.Fold("idle").Next(3) == 0 ? MostPaths : 0, form);
    }

    /// <summary>Gets the responses for every split into at most <paramref name="paths"/> slices; for a problem that is not a search, both orders of the routes.</summary>
    internal IEnumerable<string> Cuts(int paths, SolutionForm form) => Search is { } search
        ? Enumerable.Range(2, Math.Max(0, Math.Min(paths, search.Length) - 1)).Select(wanted => (search.Length + wanted - 1) / wanted).Distinct().Select(length => Sliced(search, length, paths, form))
        : [Checked(Alternating(First, Second, paths), null, form), Checked(Alternating(Second, First, paths), null, form)];

    /// <summary>Formats a search in slices.</summary>
    /// <param name="search">The search.</param>
    /// <param name="length">Length of a slice.</param>
    /// <param name="paths">Minimum number of paths; those without a slice say so.</param>
    /// <param name="form">The form of the response.</param>
    private string Sliced(RangeSearch search, int length, int paths, SolutionForm form)
    {
        var slices = search.Slices(length);
        var idle = Math.Max(0, paths - slices.Count);
        var routes = slices.Select(slice => search.Scan(slice.From, slice.To)).ToArray();
        var (joined, result) = search.Join([.. routes.Select(route => route.Result)]);
        if (result != Answer)
            throw new InvalidOperationException($"{Kind}: the slices give {RangeSearch.TextOf(result)}, the formula gives {Answer}: {Text}");
        var plan = $"{search.Plan(length)}\n{string.Concat(routes.Select((route, i) => $"{(form == SolutionForm.Parallel ? "" : $"{i + 1}:")}{route.Name}\n"))}";
        var texts = routes.Select(route => route.Text);
        return form == SolutionForm.Sequential
            ? $"{plan}{string.Concat(texts.Select((text, i) => $"{PathNumbers.Text(i + 1)}{text}\n"))}{joined}\n\nFinal Answer: {Answer}"
            : $"{plan}{Block([.. texts, .. Enumerable.Repeat("no part\nso none", idle)], joined, form)}\n\nFinal Answer: {Answer}";
    }

    private string Checked(RandomKey key, SolutionForm form, SyntheticRoute? wrong)
    {
        var (one, other) = key.Fold("order").Next(2) == 0 ? (First, Second) : (Second, First);
        var routes = Alternating(one, other, 2 + key.Fold("paths").Next(3));
        if (wrong is not null)
        {
            // At least two right ones beside it, so that there is something to choose by.
            routes = routes.Count < MostPaths ? routes : routes[..^1];
            routes.Insert(key.Fold("wrong").Next(routes.Count + 1), wrong);
        }

        return Checked(routes, key.Fold("late").Next(2) == 0 ? other : null, form);
    }

    private static List<SyntheticRoute> Alternating(SyntheticRoute one, SyntheticRoute other, int paths) => [.. Enumerable.Range(0, paths).Select(i => i % 2 == 0 ? one : other)];

    /// <summary>Formats a check.</summary>
    /// <param name="routes">The route of each path.</param>
    /// <param name="before">The route on the main line before the block; null for none.</param>
    /// <param name="form">The form of the response.</param>
    private string Checked(List<SyntheticRoute> routes, SyntheticRoute? before, SolutionForm form)
    {
        var start = before is null ? "" : $"{before.Text}\n";
        var parts = form == SolutionForm.Sequential ? [.. routes.Take(2)] : routes;
        var joined = $"{string.Join(" and ", parts.Select(route => RangeSearch.TextOf(route.Result)))}\nso {Answer}";
        return form == SolutionForm.Sequential
            ? $"{start}{string.Join('\n', parts.Select(route => route.Text))}\n{joined}\n\nFinal Answer: {Answer}"
            : $"{start}{Block([.. parts.Select(route => route.Text)], joined, form)}\n\nFinal Answer: {Answer}";
    }

    private static string Block(IReadOnlyList<string> paths, string summary, SolutionForm form) =>
        $"<Parallel>{string.Concat(paths.Select((text, i) => $"<Path>{(form == SolutionForm.Numbered ? PathNumbers.Text(i + 1) : "")}{text}</Path>"))}</Parallel>\n<Summary>{summary}</Summary>";
}

/// <summary>The form of a response with several parts.</summary>
internal enum SolutionForm
{
    /// <summary>A block without path ordinals.</summary>
    Parallel,

    /// <summary>A block whose paths begin with their ordinals.</summary>
    Numbered,

    /// <summary>The same parts one after the other, without tags.</summary>
    Sequential,
}

/// <summary>The difficulty of a synthetic problem.</summary>
internal enum SyntheticDifficulty
{
    /// <summary>Two to four steps of small arithmetic, like a grade-school set.</summary>
    Easy,

    /// <summary>More steps, longer searches, larger numbers and irrelevant numbers, like a contest set.</summary>
    Hard,
}

/// <summary>The split of a synthetic problem. It depends only on the problem's numbers, so splits are disjoint across seeds.</summary>
internal enum SyntheticSplit
{
    /// <summary>Training: about eight problems in ten.</summary>
    Train,

    /// <summary>Validation, for choices made before testing: about one problem in ten.</summary>
    Validation,

    /// <summary>Test: about one problem in ten.</summary>
    Test,
}
