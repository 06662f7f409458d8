using System.Runtime.InteropServices;
using System.Text;

namespace ParallelR1.Tokenization;

/// <summary>Splits the training texts into pieces and counts them, in the byte alphabet.</summary>
internal static class BpeTrainerWords
{
    public static IReadOnlyDictionary<string, long> Count(IEnumerable<string> texts, IEnumerable<string> specials)
    {
        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        var pieces = counts.GetAlternateLookup<ReadOnlySpan<char>>();
        var stage = new TiktokenStage(1);
        var matcher = new AddedTokenMatcher(specials.Select((s, i) => (s, new AddedToken(i, s))));
        foreach (var text in texts)
        {
            var done = 0;
            while (done < text.Length)
            {
                var match = matcher.Next(text, done);
                CountStretch(text.AsSpan(done..(match?.Start ?? text.Length)), stage, pieces);
                done = match?.End ?? text.Length;
            }
        }

        return counts.ToDictionary(p => ByteAlphabet.ToText(Encoding.UTF8.GetBytes(p.Key)), p => p.Value, StringComparer.Ordinal);
    }

    private static void CountStretch(
        ReadOnlySpan<char> text, TiktokenStage stage, Dictionary<string, long>.AlternateLookup<ReadOnlySpan<char>> pieces)
    {
        for (var start = 0; start < text.Length;)
        {
            var end = stage.PieceEnd(text, start, out _);
            CollectionsMarshal.GetValueRefOrAddDefault(pieces, text[start..end], out _)++;
            start = end;
        }
    }
}
