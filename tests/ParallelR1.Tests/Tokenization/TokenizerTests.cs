using System.Diagnostics;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using ParallelR1.Tokenization;

namespace ParallelR1.Tests.Tokenization;

public sealed class TokenizerTests
{
    private static readonly Tokenizer s_tiny = TinyTokenizer.Instance;

    [Fact]
    public void Any_text_decodes_to_itself() => Prop.ForAll(Texts(), text =>
    {
        var expected = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
        return s_tiny.Decode(s_tiny.Encode(text)) == expected;
    }).Check(Property.Seeded);

    [Fact]
    public void Streamed_pieces_join_to_the_decoded_text() => Prop.ForAll(Texts(), text =>
    {
        var decoder = s_tiny.CreateStreamDecoder();
        var ids = s_tiny.Encode(text);
        return string.Concat(ids.Select(decoder.Push)) + decoder.Flush() == s_tiny.Decode(ids);
    }).Check(Property.Seeded);

    [Fact]
    public void Special_tokens_are_found_in_the_text_and_left_out_on_request()
    {
        var ids = s_tiny.Encode("a<Path>b</Path>");
        Assert.Equal([s_tiny.IdOf("<Path>")!.Value, s_tiny.IdOf("</Path>")!.Value], ids.Where(s_tiny.IsSpecial));
        Assert.Equal("ab", s_tiny.Decode(ids, skipSpecial: true));
    }

    [Fact]
    public void Halves_of_a_character_around_a_skipped_tag_come_together()
    {
        int[] bytes = [.. Encoding.UTF8.GetBytes("é").Select(b => s_tiny.IdOf(ByteAlphabet.CharOf(b).ToString())!.Value)];
        int[] ids = [bytes[0], s_tiny.IdOf("<Path>")!.Value, bytes[1]];
        Assert.Equal("é", s_tiny.Decode(ids, skipSpecial: true));
        Assert.Equal("\uFFFD<Path>\uFFFD", s_tiny.Decode(ids));
    }

    [Fact]
    public void Ids_without_a_token_decode_to_nothing()
    {
        Assert.Equal("", s_tiny.Decode([-1, 99999, int.MaxValue, int.MinValue]));
        Assert.Null(s_tiny.TokenOf(99999));
        Assert.Null(s_tiny.IdOf("<Nowhere>"));
    }

    [Fact]
    public void A_word_of_a_million_letters_encodes_in_little_time()
    {
        var clock = Stopwatch.StartNew();
        var ids = s_tiny.Encode(new string('p', 500_000) + string.Concat(Enumerable.Repeat("apples", 100_000)));
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(20), $"{clock.Elapsed}");
        Assert.NotEmpty(ids);
    }

    [Fact]
    public void Long_and_short_pieces_merge_alike()
    {
        // Forty repetitions go the linked way, the pieces of a text with spaces the direct one.
        var word = string.Concat(Enumerable.Repeat("applesandnumbers", 40));
        var symbols = word.Select(c => s_tiny.IdOf(c.ToString())!.Value).ToList();
        Assert.Equal(MergedOneByOne(symbols), s_tiny.Encode(word));
    }

    [Fact]
    public void Adding_tokens_twice_changes_nothing()
    {
        var more = s_tiny.WithAddedTokens(["<New>"]);
        Assert.Equal(s_tiny.Count, more.IdOf("<New>"));
        Assert.Same(more, more.WithAddedTokens(["<New>"]));
        Assert.Same(s_tiny, s_tiny.WithAddedTokens(TinyTokenizer.Tags));
    }

    [Fact]
    public void Many_threads_encode_alike()
    {
        var expected = s_tiny.Encode(TinyTokenizer.Texts[2]);
        Parallel.For(0, 200, i => Assert.Equal(expected, s_tiny.Encode(TinyTokenizer.Texts[2])));
    }

    private static List<int> MergedOneByOne(List<int> symbols)
    {
        while (true)
        {
            // Learned tokens have ids in the order of their merges.
            var best = Enumerable.Range(0, symbols.Count - 1)
                .Select(i => (Id: s_tiny.IdOf(s_tiny.TokenOf(symbols[i]) + s_tiny.TokenOf(symbols[i + 1])) ?? int.MaxValue, At: i))
                .Min();
            if (best.Id == int.MaxValue)
                return symbols;
            symbols[best.At] = best.Id;
            symbols.RemoveAt(best.At + 1);
        }
    }

    private static Arbitrary<string> Texts()
    {
        var piece = Gen.OneOf(
            Gen.Elements(TinyTokenizer.Tags),
            Gen.Elements(" ", "  ", "\n", "\r\n", "'s", "'LL", "12", "apples", "\u0301", "e\u0301", "\u00BD", "\uD835\uDFD8", "\uD83D\uDE00", "\uD83D", "\uDE00", "\u0000"),
            Gen.Elements(TinyTokenizer.Texts),
            ArbMap.Default.GeneratorFor<string>().Select(s => s ?? ""));
        return Gen.ArrayOf(piece).Select(string.Concat).ToArbitrary();
    }
}
