using ParallelR1.Torch;

namespace ParallelR1.Tests.Torch.Operators;

public sealed class CacheOperatorTests
{
    private static readonly Operator s_fast = new("parallelr1::cache_attention");
    private static readonly Operator s_reference = new("parallelr1::cache_attention_reference");
    private static readonly Operator s_append = new("parallelr1::cache_append");
    private static readonly int[] s_pages = [1, 8, 16, 32, 64, 100];
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
        int[] pages = [2, 0, 2], places = [15, 3, 0];

        s_append.CallMany(k, v, keys, values, Tensor.From([2 * 16 + 15, 3, 2 * 16], 3));

        var (from, into, intoValues) = (Doubles(k), Doubles(keys), Doubles(values));
        var fromValues = Doubles(v);
        for (var n = 0; n < 3; n++)
        {
            for (var i = 0; i < 10; i++)
            {
                var head = pages[n] * 2 + i / 5;
                Assert.Equal(from[n * 10 + i], into[(head * 5 + i % 5) * 16 + places[n]]);
                Assert.Equal(fromValues[n * 10 + i], intoValues[(head * 16 + places[n]) * 5 + i % 5]);
            }
        }

        Assert.Equal(4 * 2 * 16 * 5 - 30, into.Count(x => x == 7));
        Assert.Equal(4 * 2 * 16 * 5 - 30, intoValues.Count(x => x == 7));
    }

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.BFloat16)]
    public void Copied_entries_stand_at_both_places(ScalarType type)
    {
        using var scope = new TensorScope();
        var key = RandomKey.FromSeed(9);
        var (k, v) = (OperatorCheck.Random(key.Fold("k"), type, 2, 2, 5), OperatorCheck.Random(key.Fold("v"), type, 2, 2, 5));
        var (keys, values) = (Tensor.Zeros([3, 2, 5, 8], type), Tensor.Zeros([3, 2, 8, 5], type));
        s_append.CallMany(k, v, keys, values, Tensor.From([3, 9], 2));
        new Operator("parallelr1::cache_copy").CallMany(keys, values, Tensor.From([3, 9], 2), Tensor.From([16, 23], 2));
        var (wanted, wantedValues) = (Tensor.Zeros([3, 2, 5, 8], type), Tensor.Zeros([3, 2, 8, 5], type));
        s_append.CallMany(k, v, wanted, wantedValues, Tensor.From([3, 9], 2));
        s_append.CallMany(k, v, wanted, wantedValues, Tensor.From([16, 23], 2));

        Assert.Equal(Doubles(wanted), Doubles(keys));
        Assert.Equal(Doubles(wantedValues), Doubles(values));
    }

    [Fact]
    public void Numbers_outside_of_the_pool_are_refused()
    {
        using var scope = new TensorScope();
        var (q, keys, values) = (Tensor.Zeros([1, 2, 4]), Tensor.Zeros([3, 2, 4, 16]), Tensor.Zeros([3, 2, 16, 4]));

        RefusesQuery("stretch 0, 0 entries from 2, is empty", q, 2, 0);
        RefusesQuery("stretch 0, 14 entries from 3, is empty, crosses a page of 16 entries", q, 3, 14);
        RefusesQuery("stretch 0, 1 entries from 48, is empty, crosses a page of 16 entries or lies outside of the pool of 48", q, 48, 1);
        RefusesQuery("stretch 0, 2 entries from -1, is empty", q, -1, 2);
        RefusesQuery("query 0 sees 49 entries of 48; its stretches overlap", q, 0, 16, 16, 16, 32, 16, 0, 1);
        RefusesQuery("query 0 sees nothing", q);
        RefusesQuery("q is [queries, heads, depth]", Tensor.Zeros([1, 2, 5]), 0, 1);
        RefusesQuery("q is [queries, heads, depth]", Tensor.Zeros([1, 3, 4]), 0, 1);
        RefusesQuery("one per query", Tensor.Zeros([2, 2, 4]), 0, 1);
        RefusesQuery("one dtype", Tensor.Zeros([1, 2, 4], ScalarType.BFloat16), 0, 1);
        RefusesEntry("place 48 is not in 0 .. 47", q, 48);
        RefusesEntry("place -1 is not in 0 .. 47", q, -1);
        RefusesEntry("k and v are [entries, kv_heads, depth]", Tensor.Zeros([1, 1, 4]), 0);
        RefusesEntry("one per query", Tensor.Zeros([2, 2, 4]), 0);
        RefusesEntry("one dtype", Tensor.Zeros([1, 2, 4], ScalarType.Float64), 0);

        void RefusesQuery(string reason, Tensor query, params int[] seen) => Refuses(reason, () =>
            s_fast.Call(query, keys, values, Tensor.From(seen, seen.Length / 2, 2), Tensor.From([0, seen.Length / 2], 2), 1.0));
        void RefusesEntry(string reason, Tensor entry, int place) => Refuses(reason, () =>
            s_append.CallMany(entry, entry, keys, values, Tensor.From([place], 1)));
        static void Refuses(string reason, Action call) => Assert.Contains(reason, Assert.Throws<TorchException>(call).Message, StringComparison.Ordinal);
    }

    private static double[] Doubles(Tensor x) => x.To(ScalarType.Float64).ToArray<double>();

    /// <summary>A pool of random entries, and queries that see random stretches of them, short and long, in any order.</summary>
    private sealed class RandomCache
    {
        private readonly Tensor _seen, _first;
        private readonly int[] _firsts;

        public RandomCache(RandomKey key, ScalarType type)
        {
            int pages = 1 + key.Next(9, 1), kvHeads = 1 + key.Next(3, 2), group = 1 + key.Next(7, 3), depth = s_depths[key.Next(s_depths.Length, 4)];
            int page = s_pages[key.Next(s_pages.Length, 5)], queries = 1 + key.Next(9, 6);
            Query = OperatorCheck.Random(key.Fold("q"), type, queries, kvHeads * group, depth);
            Keys = OperatorCheck.Random(key.Fold("k"), type, pages, kvHeads, depth, page);
            Values = OperatorCheck.Random(key.Fold("v"), type, pages, kvHeads, page, depth);
            var seen = Enumerable.Range(0, queries).Select(n => Stretches(key.Fold("ranges").Fold(n), pages, page)).ToArray();
            _firsts = [0, .. seen.Select((_, n) => seen.Take(n + 1).Sum(stretches => stretches.Length / 2))];
            int[] flat = [.. seen.SelectMany(stretches => stretches)];
            (_seen, _first) = (Tensor.From(flat, flat.Length / 2, 2), Tensor.From(_firsts, queries + 1));
        }

        public Tensor Query { get; }

        public Tensor Keys { get; }

        public Tensor Values { get; }

        public Tensor Attend(Operator op, ScalarType type) =>
            op.Call(Query.To(type), Keys.To(type), Values.To(type), _seen, _first, 1 / Math.Sqrt(Query.Shape[2]));

        public Tensor AttendOne(Operator op, int n)
        {
            var seen = _seen.Slice(0, _firsts[n], _firsts[n + 1]).Contiguous();
            return op.Call(Query.Slice(0, n, n + 1).Contiguous(), Keys, Values, seen, Tensor.From([0, _firsts[n + 1] - _firsts[n]], 2), 1 / Math.Sqrt(Query.Shape[2]));
        }

        /// <summary>Disjoint stretches: the pool, cut at pages and random places, some pieces left out.</summary>
        private static int[] Stretches(RandomKey key, int pages, int page)
        {
            int[] cuts = [.. Draw(key, key.Next(12, 1), pages * page).Concat(Enumerable.Range(0, pages + 1).Select(p => p * page)).Distinct().Order()];
            var pieces = cuts.Zip(cuts.Skip(1)).Where((_, i) => key.Next(3, 100 + i) > 0).ToList();
            if (pieces.Count == 0)
                pieces.Add((0, 1 + key.Next(page, 2)));
            if (key.Next(3, 3) == 0)
                pieces.Reverse();
            return [.. pieces.SelectMany(piece => new[] { piece.First, piece.Second - piece.First })];
        }

        private static int[] Draw(RandomKey key, int count, int bound) => [.. Enumerable.Range(0, count).Select(i => key.Next(bound, i))];
    }
}
