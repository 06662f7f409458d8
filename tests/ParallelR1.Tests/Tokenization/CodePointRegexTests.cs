using FsCheck;
using FsCheck.Fluent;
using ParallelR1.Tokenization;

namespace ParallelR1.Tests.Tokenization;

public sealed class CodePointRegexTests
{
    [Fact]
    public void The_hand_written_matchers_cut_as_their_patterns_say()
    {
        (SplitStage Stage, SplitStage General)[] pairs =
        [
            (new Gpt2Stage(false), General(Gpt2Stage.Pattern)),
            (new TiktokenStage(1), General(TiktokenStage.QwenPattern)),
            (new TiktokenStage(3), General(TiktokenStage.LlamaPattern)),
        ];
        Prop.ForAll(Texts(), text => pairs.All(p => Cut(p.Stage, text).SequenceEqual(Cut(p.General, text)))).Check(Property.Seeded);
    }

    [Theory]
    [InlineData(@"[A-Z]+(?![a-z])", "ABc De", "A|Bc De")]
    [InlineData(@"(?i:ab)+", "xABaby", "x|ABab|y")]
    [InlineData(@"a{2}", "aaaaa", "aa|aa|a")]
    [InlineData(@"a{2,}?", "aaaaa", "aa|aa|a")]
    [InlineData(@"\p{Lu}[\p{Ll}\p{M}]*|\p{Han}", "HeLlo\u4E2D\u6587", "He|Llo|\u4E2D|\u6587")]
    [InlineData(@"\p{N}+", "\uD835\uDFD8\uD835\uDFD9x", "\uD835\uDFD8\uD835\uDFD9|x")]
    [InlineData(@"[\x41-\u0043]", "ABCD", "A|B|C|D")]
    [InlineData(@"(?>a+)b|.", "aab", "aab")]
    [InlineData(@"a++a|b", "aab", "aa|b")]
    [InlineData(@"[^\S\n]+", "a \tb\n", "a| \t|b\n")]
    [InlineData("(?i)so|the", "So THE the", "So| |THE| |the")]
    [InlineData("a(?i)b|c", "aB C ac AC", "aB| C |ac| AC")]
    [InlineData("(?:x(?i)y|z)w", "xYw Zw xzw xZW", "xYw| Zw |xzw| xZW")]
    [InlineData("(?=h)", "the then hh", "t|he t|hen |h|h")]
    [InlineData("^", "a\nb\n\nc\n", "a\n|b\n|\n|c\n")]
    [InlineData("$", "a\nb\n\nc\n", "a|\nb|\n|\nc|\n")]
    [InlineData("^a|b$", "ab\nab\nba", "a|b|\n|a|b|\nba")]
    [InlineData("(?!a)", "baab", "baa|b")]
    [InlineData("x?", "axxb", "a|x|x|b")]
    [InlineData(@"\s*$", "a  \nb \n", "a|  |\nb| \n")]
    [InlineData("(?=\uD83D\uDE00)|a", "\uD83D\uDE00\uD83D\uDE00a\uD83D\uDE00b", "\uD83D\uDE00|\uD83D\uDE00|a|\uD83D\uDE00b")]
    public void Patterns_cut_texts(string pattern, string text, string pieces) =>
        Assert.Equal(pieces.Split('|'), Cut(General(pattern), text));

    [Theory]
    [InlineData("Removed", false, "a|b")]
    [InlineData("Isolated", false, "a|-|-|b")]
    [InlineData("MergedWithPrevious", false, "a-|-|b")]
    [InlineData("MergedWithNext", false, "a|-|-b")]
    [InlineData("Contiguous", false, "a|--|b")]
    [InlineData("Removed", true, "-|-")]
    public void Behaviours_treat_matches_as_named(string behavior, bool invert, string pieces) =>
        Assert.Equal(pieces.Split('|'), Cut(new PatternStage(new LiteralPattern("-"), Enum.Parse<SplitBehavior>(behavior), invert), "a--b"));

    [Fact]
    public void A_pattern_that_explodes_is_an_error_and_no_hang()
    {
        var error = Assert.Throws<InputException>(() => Cut(General("(?:a|aa)+b"), new string('a', 2000)));
        Assert.Contains("(?:a|aa)+b", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("(?<=a)b")]
    [InlineData(@"a\b")]
    [InlineData("(a")]
    [InlineData("a)")]
    [InlineData("[a")]
    [InlineData("*a")]
    [InlineData("(?:a?)*")]
    [InlineData("a{9,1}")]
    [InlineData("(?:a{999}){999}")]
    [InlineData(@"\p{Klingon}")]
    [InlineData("[a&&b]")]
    [InlineData(@"a\")]
    public void What_is_not_supported_is_an_error_that_shows_the_pattern(string pattern)
    {
        var error = Assert.Throws<InputException>(() => new CodePointRegex(pattern));
        Assert.Contains(pattern, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_thousand_groups_inside_each_other_are_an_error() =>
        Assert.Throws<InputException>(() => new CodePointRegex(new string('(', 100_000)));

    private static PatternStage General(string pattern) => new(new CodePointRegex(pattern), SplitBehavior.Isolated, invert: false);

    private static List<string> Cut(SplitStage stage, string text)
    {
        var pieces = new List<string>();
        for (var start = 0; start < text.Length;)
        {
            var end = stage.PieceEnd(text, start, out var keep);
            if (keep)
                pieces.Add(text[start..end]);
            start = end;
        }

        return pieces;
    }

    private static Arbitrary<string> Texts() => Gen.ArrayOf(Gen.OneOf(
        Gen.Elements(" ", "  ", "\n", "\r", "\t", "\u00A0", "\u3000", "'", "'s", "'S", "'\u017F", "'Re", "'ll", "'x", "1", "23", "\u00BD", "\u0661"),
        Gen.Elements("a", "Bc", "\u4E2D", "\u0301", "!", "...", "\uD835\uDFD8", "\uD835\uDD38", "\uD83D\uDE00", "\uD83D", "\uDE00", "\u0000", "\u200D"))).Select(string.Concat).ToArbitrary();
}
