namespace ParallelR1.Data.ColdStart;

/// <summary>Similarity of two paths: Jaccard index of their word triples, ignoring case and punctuation.</summary>
internal static class PathSimilarity
{
    private const int Run = 3;

    // More paths than any real block has; limits the number of pairs.
    private const int MostPaths = 16;

    public static double Of(string a, string b) => Jaccard(Runs(a), Runs(b));

    /// <summary>Gets the similarity of the two most different paths.</summary>
    public static double Least(IReadOnlyList<string> paths)
    {
        var least = 1.0;
        var runs = paths.Take(MostPaths).Select(Runs).ToArray();
        for (var i = 0; i < runs.Length; i++)
        {
            for (var j = i + 1; j < runs.Length; j++)
                least = Math.Min(least, Jaccard(runs[i], runs[j]));
        }

        return least;
    }

    private static double Jaccard(HashSet<string> first, HashSet<string> second)
    {
        if (first.Count == 0 && second.Count == 0)
            return 1;
        var shared = first.Count(second.Contains);
        return (double)shared / (first.Count + second.Count - shared);
    }

    // Arithmetic operators are words: 3 + 4 is a different step from 3 * 4.
    private static HashSet<string> Runs(string text)
    {
        var words = new List<string>();
        for (var i = 0; i < text.Length;)
        {
            var start = i;
            while (i < text.Length && char.IsLetterOrDigit(text[i]))
                i++;
            if (i > start)
                words.Add(text[start..i].ToLowerInvariant());
            else if ("+-*/=<>^×÷−".Contains(text[i++], StringComparison.Ordinal))
                words.Add(text[start..i]);
        }

        if (words.Count <= Run)
            return words.Count == 0 ? [] : [string.Join(' ', words)];
        return [.. Enumerable.Range(0, words.Count - Run + 1).Select(i => string.Join(' ', words.GetRange(i, Run)))];
    }
}
