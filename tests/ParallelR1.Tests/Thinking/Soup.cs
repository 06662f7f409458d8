using FsCheck;
using FsCheck.Fluent;
using ParallelR1.Thinking;

namespace ParallelR1.Tests.Thinking;

/// <summary>Random token sequences, mostly tags: 1 to 6 in the order of <see cref="ThinkingTag"/>, everything else text.</summary>
internal sealed record Soup(int[] Ids, int PromptLength)
{
    public static TagIds Tags { get; } = new([1, 2, 3, 4, 5, 6], newline: 7, eos: 8);

    /// <summary>The ordinal of path n as tokens: one, two or three of them.</summary>
    public static PathNumbers Numbers { get; } = new(text => [.. Enumerable.Repeat(11 + int.Parse(text, System.Globalization.CultureInfo.InvariantCulture) % 7, int.Parse(text, System.Globalization.CultureInfo.InvariantCulture) % 3), 7]);

    public static Arbitrary<Soup> Arbitrary()
    {
        // Pieces that build structure, so that deep blocks are common, between single tokens that break it.
        int[][] pieces = [[3, 1], [2, 1], [2, 4], [2, 4, 7, 5], [6], [3], [1], [2], [4], [5], [9], [9, 10], [3, 1, 9, 2, 1, 9, 10, 2, 4, 5, 9, 6]];
        var piece = Gen.Elements(pieces);
        var generator =
            from ids in Gen.ArrayOf(piece).Select(p => p.SelectMany(x => x).ToArray())
            from prompt in Gen.Choose(0, Math.Min(ids.Length, 4))
            select new Soup(ids, prompt);
        return Arb.From(generator, Shrink);
    }

    public override string ToString() => $"[{string.Join(' ', Ids)}] after {PromptLength}";

    private static IEnumerable<Soup> Shrink(Soup soup)
    {
        for (var i = 0; i < soup.Ids.Length; i++)
        {
            int[] ids = [.. soup.Ids[..i], .. soup.Ids[(i + 1)..]];
            yield return new Soup(ids, Math.Min(soup.PromptLength, ids.Length));
        }
    }
}
