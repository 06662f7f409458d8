using ParallelR1.Models;
using ParallelR1.Tests.Thinking;
using ParallelR1.Thinking;
using ParallelR1.Torch;

namespace ParallelR1.Tests.Torch.Operators;

/// <summary>Traces of tags and text in random order, well formed or not, and packs of them.</summary>
internal static class RandomPack
{
    private static readonly int[][] s_pieces =
    [
        [3, 1], [2, 1], [2, 4], [2, 4, 7, 5], [6], [9, 10, 9], [9], [9, 9, 9, 9, 9, 9, 9, 9, 9, 9], [4],
        [3, 1, 9], [3, 1, 9, 10], [2, 1, 9], [2, 1, 10, 9], [2, 1, 9, 9, 9],
        [3, 1, 9, 2, 1, 9, 10, 2, 4, 5, 9, 6], [3, 1, 9, 10, 2, 1, 9, 2, 1, 9, 9, 9, 2, 4, 7, 5, 9, 6],
    ];

    public static int[] Ids(RandomKey key, int maxPieces) =>
        [9, .. Enumerable.Range(0, key.Next(maxPieces + 1)).SelectMany(i => s_pieces[key.Fold(i).Next(s_pieces.Length)])];

    public static TraceRows Trace(RandomKey key, int maxPieces)
    {
        var ids = Ids(key, maxPieces);
        return TraceRows.Unseen(ids, Math.Min(ids.Length, key.Fold("prompt").Next(3)), Soup.Tags);
    }

    public static TraceRows[] Traces(RandomKey key, int count, int maxPieces) =>
        [.. Enumerable.Range(0, count).Select(i => Trace(key.Fold(i), maxPieces))];

    public static PackedBatch Pack(RandomKey key, int count, int maxPieces) => Pack(Traces(key, count, maxPieces));

    public static PackedBatch Pack(params TraceRows[] traces) => new(new TracePack(traces), Device.Cpu);
}
