using ParallelR1.Torch;

namespace ParallelR1.Tests.Torch.Operators;

public sealed class CacheOperatorTests
{
    private static readonly Operator s_fast = new("parallelr1::cache_attention");
    private static readonly Operator s_reference = new("parallelr1::cache_attention_reference");
    private static readonly Operator s_append = new("parallelr1::cache_append");
    private static readonly int[] s_depths = [1, 3, 8, 12, 16, 20, 32, 40, 64, 80];

    [Theory]
    [InlineData(ScalarType.Float64, 1e-13)]
    [InlineData(ScalarType.Float32, 2e-6)]
    [InlineData(ScalarType.BFloat16, 6e-3)]
    public void Every_query_sees_its_row_ranges_and_nothing_else(ScalarType type, double tolerance)
    {
        for (var seed = 0; seed < 40; seed++)
        {
            using var scope = new TensorScope();
            using var mode = GradMode.Off();
            var cache = new RandomCache(RandomKey.FromSeed(seed), type);
            var actual = cache.Attend(s_fast, type).To(ScalarType.Float64).ToArray<double>();
            var expected = cache.Attend(s_reference, ScalarType.Float64).ToArray<double>();
            var off = Math.Sqrt(actual.Zip(expected, (a, b) => (a - b) * (a - b)).Sum() / expected.Sum(x => x * x));
            Assert.True(off <= tolerance, $"{type}, seed {seed}, {cache.Query}, {cache.Keys}: off by {off:g3}");
        }
    }

    /// <summary>Queries of one slot share a pass over its keys and values, however far each of them sees.</summary>
    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.BFloat16)]
    public void What_a_query_gets_does_not_depend_on_those_beside_it(ScalarType type)
    {
        for (var seed = 0; seed < 40; seed++)
        {
            using var scope = new TensorScope();
            using var mode = GradMode.Off();
            var cache = new RandomCache(RandomKey.FromSeed(seed), type);
            var together = Doubles(cache.Attend(s_fast, type));
            var alone = Enumerable.Range(0, (int)cache.Query.Shape[0]).SelectMany(n => Doubles(cache.AttendOne(s_fast, n)));
            Assert.Equal(alone, together);
        }
    }

    [Theory]
    [InlineData(ScalarType.Float64)]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.BFloat16)]
    public void Appended_keys_and_values_stand_at_their_places_and_nothing_else_changes(ScalarType type)
    {
        using var scope = new TensorScope();
        var key = RandomKey.FromSeed(9);
        var (k, v) = (OperatorCheck.Random(key.Fold("k"), type, 3, 2, 5), OperatorCheck.Random(key.Fold("v"), type, 3, 2, 5));
        var (keys, values) = (Tensor.Full([4, 2, 5, 16], 7, type), Tensor.Full([4, 2, 16, 5], 7, type));
        int[] slots = [2, 0, 2], places = [15, 3, 0];

        s_append.CallMany(k, v, keys, values, Tensor.From(slots, 3), Tensor.From(places, 3));

        var (from, into, intoValues) = (Doubles(k), Doubles(keys), Doubles(values));
        var fromValues = Doubles(v);
        for (var n = 0; n < 3; n++)
        {
            for (var i = 0; i < 10; i++)
            {
                var head = slots[n] * 2 + i / 5;
                Assert.Equal(from[n * 10 + i], into[(head * 5 + i % 5) * 16 + places[n]]);
                Assert.Equal(fromValues[n * 10 + i], intoValues[(head * 16 + places[n]) * 5 + i % 5]);
            }
        }

        Assert.Equal(4 * 2 * 16 * 5 - 30, into.Count(x => x == 7));
        Assert.Equal(4 * 2 * 16 * 5 - 30, intoValues.Count(x => x == 7));
    }

    [Fact]
    public void Numbers_outside_of_the_cache_are_refused()
    {
        using var scope = new TensorScope();
        var (q, keys, values) = (Tensor.Zeros([1, 2, 4]), Tensor.Zeros([3, 2, 4, 16]), Tensor.Zeros([3, 2, 16, 4]));

        RefusesQuery("slot 3 is not in 0 .. 2", q, 3, 0, 1);
        RefusesQuery("slot -1 is not in 0 .. 2", q, -1, 0, 1);
        RefusesQuery("range 0, 2 to 2, is empty", q, 0, 2, 2);
        RefusesQuery("range 0, 3 to 17, is empty or outside of the capacity 16", q, 0, 3, 17);
        RefusesQuery("range 0, -1 to 1, is empty or outside", q, 0, -1, 1);
        RefusesQuery("query 0 sees 17 rows of 16; its ranges overlap", q, 0, 0, 9, 1, 9);
        RefusesQuery("query 0 sees no range", q, 0);
        RefusesQuery("q is [queries, heads, depth]", Tensor.Zeros([1, 2, 5]), 0, 0, 1);
        RefusesQuery("q is [queries, heads, depth]", Tensor.Zeros([1, 3, 4]), 0, 0, 1);
        RefusesQuery("one per query", Tensor.Zeros([2, 2, 4]), 0, 0, 1);
        RefusesQuery("one dtype", Tensor.Zeros([1, 2, 4], ScalarType.BFloat16), 0, 0, 1);
        RefusesEntry("place 16 is not in 0 .. 15", q, 0, 16);
        RefusesEntry("slot 5 is not in 0 .. 2", q, 5, 0);
        RefusesEntry("k and v are [entries, kv_heads, depth]", Tensor.Zeros([1, 1, 4]), 0, 0);
        RefusesEntry("one per query", Tensor.Zeros([2, 2, 4]), 0, 0);
        RefusesEntry("one dtype", Tensor.Zeros([1, 2, 4], ScalarType.Float64), 0, 0);

        void RefusesQuery(string reason, Tensor query, int slot, params int[] ranges) => Refuses(reason, () =>
            s_fast.Call(query, keys, values, Tensor.From([slot], 1), Tensor.From(ranges, ranges.Length / 2, 2), Tensor.From([0, ranges.Length / 2], 2), 1.0));
        void RefusesEntry(string reason, Tensor entry, int slot, int place) => Refuses(reason, () =>
            s_append.CallMany(entry, entry, keys, values, Tensor.From([slot], 1), Tensor.From([place], 1)));
        static void Refuses(string reason, Action call) => Assert.Contains(reason, Assert.Throws<TorchException>(call).Message, StringComparison.Ordinal);
    }

    private static double[] Doubles(Tensor x) => x.To(ScalarType.Float64).ToArray<double>();

    /// <summary>A cache of random entries, and queries that see random ranges of rows, short and long, in any order.</summary>
    private sealed class RandomCache
    {
        private readonly Tensor _slot, _ranges, _first;
        private readonly int[] _firsts;

        public RandomCache(RandomKey key, ScalarType type)
        {
            int slots = 1 + key.Next(4, 1), kvHeads = 1 + key.Next(3, 2), group = 1 + key.Next(7, 3), depth = s_depths[key.Next(s_depths.Length, 4)];
            int capacity = 16 * (1 + key.Next(8, 5)), queries = 1 + key.Next(9, 6);
            Query = OperatorCheck.Random(key.Fold("q"), type, queries, kvHeads * group, depth);
            Keys = OperatorCheck.Random(key.Fold("k"), type, slots, kvHeads, depth, capacity);
            Values = OperatorCheck.Random(key.Fold("v"), type, slots, kvHeads, capacity, depth);
            var seen = Enumerable.Range(0, queries).Select(n => Ranges(key.Fold("ranges").Fold(n), capacity)).ToArray();
            _firsts = [0, .. seen.Select((_, n) => seen.Take(n + 1).Sum(ranges => ranges.Length / 2))];
            int[] flat = [.. seen.SelectMany(ranges => ranges)];
            (_slot, _ranges, _first) = (Tensor.From(Draw(key.Fold("slot"), queries, slots), queries), Tensor.From(flat, flat.Length / 2, 2), Tensor.From(_firsts, queries + 1));
        }

        public Tensor Query { get; }

        public Tensor Keys { get; }

        public Tensor Values { get; }

        public Tensor Attend(Operator op, ScalarType type) =>
            op.Call(Query.To(type), Keys.To(type), Values.To(type), _slot, _ranges, _first, 1 / Math.Sqrt(Query.Shape[2]));

        public Tensor AttendOne(Operator op, int n)
        {
            var ranges = _ranges.Slice(0, _firsts[n], _firsts[n + 1]).Contiguous();
            return op.Call(One(Query), Keys, Values, One(_slot), ranges, Tensor.From([0, _firsts[n + 1] - _firsts[n]], 2), 1 / Math.Sqrt(Query.Shape[2]));

            Tensor One(Tensor all) => all.Slice(0, n, n + 1).Contiguous();
        }

        /// <summary>Disjoint ranges: the capacity, cut at random places, some pieces left out.</summary>
        private static int[] Ranges(RandomKey key, int capacity)
        {
            int[] cuts = [0, .. Draw(key, key.Next(6, 1), capacity).Where(cut => cut > 0).Distinct().Order(), capacity];
            var pieces = cuts.Zip(cuts.Skip(1)).Where((_, i) => key.Next(3, 100 + i) > 0).ToList();
            if (pieces.Count == 0)
                pieces.Add((0, 1 + key.Next(capacity, 2)));
            if (key.Next(3, 3) == 0)
                pieces.Reverse();
            return [.. pieces.SelectMany(piece => new[] { piece.First, piece.Second })];
        }

        private static int[] Draw(RandomKey key, int count, int bound) => [.. Enumerable.Range(0, count).Select(i => key.Next(bound, i))];
    }
}
