using ParallelR1.Tests.Generation;
using ParallelR1.Tests.Models;
using ParallelR1.Torch;

namespace ParallelR1.Tests.Torch.Operators;

/// <summary>The level of the kernels is a setting of the process, so these tests run by themselves.</summary>
[Collection(nameof(KernelLevelTests))]
[CollectionDefinition(nameof(KernelLevelTests), DisableParallelization = true)]
public sealed class KernelLevelTests : IDisposable
{
    private static readonly string[] s_levels = ["baseline", "avx2", "avx512", "avx512-bf16"];

    public static TheoryData<string> Levels => [.. s_levels];

    public void Dispose() => Runtime.LimitKernels(null);

    [Theory]
    [MemberData(nameof(Levels))]
    public void Path_attention_equals_the_reference_at_every_level(string level) => At(level, () =>
    {
        var tests = new PathAttentionTests();
        foreach (var (type, tolerance) in new[] { (ScalarType.Float64, 1e-13), (ScalarType.Float32, 2e-6), (ScalarType.BFloat16, 6e-3) })
            tests.Result_and_gradients_equal_the_reference(type, tolerance);
        tests.Long_traces_too(ScalarType.Float32, 2e-6);
        tests.A_trace_gives_the_same_bits_alone_and_in_any_pack(ScalarType.Float32);
        tests.Gradients_equal_difference_quotients();
        new ThreadCountTests().Path_attention_gives_the_same_bits_with_one_thread_two_and_three(ScalarType.Float32);
    });

    [Theory]
    [MemberData(nameof(Levels))]
    public void Cache_attention_equals_the_reference_at_every_level(string level) => At(level, () =>
    {
        var tests = new CacheOperatorTests();
        tests.Every_query_sees_its_row_ranges_and_nothing_else(ScalarType.Float32, 2e-6);
        tests.Every_query_sees_its_row_ranges_and_nothing_else(ScalarType.BFloat16, 6e-3);
    });

    [Theory]
    [MemberData(nameof(Levels))]
    public void Fused_operators_equal_the_reference_at_every_level(string level) => At(level, () =>
    {
        var (fused, loss) = (new FusedOperatorTests(), new LossOperatorTests());
        fused.Result_and_gradients_equal_the_reference(ScalarType.Float64, 1e-13);
        fused.Result_and_gradients_equal_the_reference(ScalarType.Float32, 1e-6);
        fused.Result_and_gradients_equal_the_reference(ScalarType.BFloat16, 6e-3);
        loss.Scores_entropies_and_gradients_equal_the_reference(ScalarType.Float64, 1e-13);
        loss.Scores_entropies_and_gradients_equal_the_reference(ScalarType.Float32, 2e-6);
        loss.Scores_entropies_and_gradients_equal_the_reference(ScalarType.BFloat16, 6e-3);
    });

    [Theory]
    [MemberData(nameof(Levels))]
    public void The_optimizer_equals_the_reference_at_every_level(string level) => At(level, () =>
    {
        var tests = new OptimizerOperatorTests();
        tests.Ten_steps_equal_the_reference(ScalarType.Float64, ScalarType.Float64, 1e-14);
        tests.Ten_steps_equal_the_reference(ScalarType.Float32, ScalarType.Float32, 1e-6);
        tests.Ten_steps_equal_the_reference(ScalarType.Float32, ScalarType.BFloat16, 1e-6);
        tests.Squared_norms_are_summed_in_f64();
    });

    [Theory]
    [MemberData(nameof(Levels))]
    public void A_decoding_step_equals_the_composed_decoder_at_every_level_whatever_is_beside_it(string level) => At(level, () =>
    {
        var tests = new PackedDecoderTests();
        foreach (var (type, tolerance) in new[] { (ScalarType.Float32, 1e-5), (ScalarType.BFloat16, 0.05) })
        {
            tests.Logits_equal_the_composed_decoders(type, tolerance);
            tests.A_row_has_the_same_bits_however_its_prompt_is_cut_into_steps_and_pages(type);
            tests.A_sequence_has_the_same_bits_alone_and_beside_any_others(type);
            tests.Rows_that_share_what_they_see_have_the_same_bits_as_each_alone(type);
        }
    });

    [Theory]
    [MemberData(nameof(Levels))]
    public void Decoding_scoring_and_training_agree_bit_for_bit_at_every_level(string level) => At(level, () =>
    {
        var tests = new ExactTests();
        foreach (var seed in new[] { 100, 103, 106 })
        {
            foreach (var type in new[] { ScalarType.Float32, ScalarType.BFloat16 })
            {
                tests.What_is_decoded_has_the_same_bits_scored_alone_and_in_any_pack(seed, type);
                tests.What_is_decoded_has_the_same_bits_in_the_pass_that_trains(seed, type);
            }
        }

        new PanelLinearTests().Result_and_gradients_equal_the_ordinary_ones(ScalarType.Float32, 2e-6);
    });

    [Fact]
    public void A_level_above_the_processor_is_lowered_to_what_it_has()
    {
        var best = Runtime.LimitKernels("avx512-bf16");

        Assert.All(s_levels, level => Assert.True(Array.IndexOf(s_levels, Runtime.LimitKernels(level)) <= Array.IndexOf(s_levels, best)));
        Assert.Equal("baseline", Runtime.LimitKernels("baseline"));
    }

    [Fact]
    public void An_unknown_level_is_refused_with_those_that_there_are() =>
        Assert.Contains("'sse9'; it must be baseline, avx2, avx512 or avx512-bf16", Assert.Throws<TorchException>(() => Runtime.LimitKernels("sse9")).Message, StringComparison.Ordinal);

    private static void At(string level, Action run)
    {
        Assert.SkipUnless(Runtime.LimitKernels(level) == level, $"this processor has no {level}");
        run();
    }
}
