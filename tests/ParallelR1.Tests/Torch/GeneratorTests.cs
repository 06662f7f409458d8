using ParallelR1.Torch;

namespace ParallelR1.Tests.Torch;

public sealed class GeneratorTests
{
    private static readonly Operator s_normal = new("aten::randn.generator");

    [Fact]
    public void Equal_seeds_give_equal_draws_and_others_do_not()
    {
        using var scope = new TensorScope();
        using Generator a = new(1), b = new(1), c = new(2);
        var first = Draw(a);

        Assert.Equal(first, Draw(b));
        Assert.NotEqual(first, Draw(c));
        Assert.NotEqual(first, Draw(a));
    }

    [Fact]
    public void A_generator_starts_anew_from_its_seed()
    {
        using var scope = new TensorScope();
        using var generator = new Generator(ulong.MaxValue);
        var first = Draw(generator);

        Assert.Equal(ulong.MaxValue, generator.Seed);
        generator.Seed = 7;
        Assert.Equal(7ul, generator.Seed);
        Assert.NotEqual(first, Draw(generator));
        generator.Seed = ulong.MaxValue;
        Assert.Equal(first, Draw(generator));
    }

    [Fact]
    public void A_generator_goes_on_from_a_state_it_was_in()
    {
        using var scope = new TensorScope();
        using Generator here = new(1), there = new(2);
        _ = Draw(here);
        var state = here.GetState();
        var next = Draw(here);

        there.SetState(state);

        Assert.Equal(next, Draw(there));
    }

    [Fact]
    public void Generators_draw_apart_from_each_other_and_from_the_common_one()
    {
        using var scope = new TensorScope();
        using Generator alone = new(3), other = new(4), again = new(3);
        var draws = Enumerable.Range(0, 4).SelectMany(_ => Draw(alone)).ToArray();

        var mixed = Enumerable.Range(0, 4).SelectMany(i =>
        {
            Draw(other);
            new Operator("aten::randn").Call(new[] { 5L });
            return Draw(again);
        });

        Assert.Equal(draws, mixed);
    }

    [Fact]
    public void Draws_are_as_their_distribution_says()
    {
        using var scope = new TensorScope();
        using var generator = new Generator(5);
        var x = s_normal.Call(new[] { 100_000L }, generator);
        var coins = new Operator("aten::bernoulli.p").Call(Tensor.Zeros([100_000]), 0.25, generator);

        Assert.Equal(0, x.Mean().Item(), 0.02);
        Assert.Equal(1, (x * x).Mean().Item(), 0.03);
        Assert.Equal(0.25, coins.Mean().Item(), 0.01);
    }

    [Fact]
    public void Threads_with_generators_of_their_own_draw_what_one_thread_draws()
    {
        var expected = Enumerable.Range(0, 32).Select(seed => Draws((ulong)seed)).ToArray();
        var found = new float[32][];

        Parallel.For(0, 32, new ParallelOptions { MaxDegreeOfParallelism = 8 }, seed => found[seed] = Draws((ulong)seed));

        Assert.Equal(expected, found);

        static float[] Draws(ulong seed)
        {
            using var scope = new TensorScope();
            using var generator = new Generator(seed);
            return [.. Enumerable.Range(0, 10).SelectMany(_ => Draw(generator))];
        }
    }

    [Fact]
    public void What_is_no_generators_state_or_device_is_refused()
    {
        using var generator = new Generator(1);

        Assert.Contains("(3 bytes)", Assert.Throws<TorchException>(() => generator.SetState(new byte[3])).Message, StringComparison.Ordinal);
        Assert.Contains("meta", Assert.Throws<TorchException>(() => new Generator(1, new Device("meta"))).Message, StringComparison.Ordinal);
        if (Runtime.CudaDevices == 0)
            Assert.Contains("cuda:0", Assert.Throws<TorchException>(() => new Generator(1, Device.Cuda())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_disposed_generator_refuses_to_be_used()
    {
        var generator = new Generator(1);
        generator.Dispose();
        generator.Dispose();

        Assert.Throws<ObjectDisposedException>(() => generator.Seed);
        Assert.Throws<ObjectDisposedException>(() => Draw(generator));
    }

    private static float[] Draw(Generator generator) => s_normal.Call(new[] { 5L }, generator).ToArray<float>();
}
