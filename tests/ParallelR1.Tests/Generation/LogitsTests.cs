using ParallelR1.Generation;
using ParallelR1.Thinking;

namespace ParallelR1.Tests.Generation;

public sealed class LogitsTests
{
    private static readonly TagIds s_tags = new([1, 2, 3, 4, 5, 6], newline: 7, eos: 0);

    public static TheoryData<string, float, double, bool> Damages => new()
    {
        { "model.norm.weight", float.NaN, 1, true },
        { "model.norm.weight", float.NaN, 0, true },
        { "model.norm.weight", float.PositiveInfinity, 1, false },
        { "model.norm.weight", float.NegativeInfinity, 0, true },
        { "lm_head.weight", float.NaN, 1, true },
        { "model.embed_tokens.weight", float.NaN, 1, true },
        // One of the two makes a single logit -infinity, which a sum of exponentials does not show.
        { "lm_head.weight", float.PositiveInfinity, 1, true },
        { "lm_head.weight", float.NegativeInfinity, 1, true },
    };

    [Theory]
    [MemberData(nameof(Damages))]
    public void A_model_whose_logits_are_not_finite_ends_its_request_with_an_error_that_names_it(string tensor, float value, double temperature, bool parallel)
    {
        using var decoder = RandomDecoder.Create(40);
        using var engine = new Engine(decoder, s_tags, [0]);
        var options = new GenerationOptions { Parallel = parallel, Temperature = temperature, MaxTokens = 30 };
        GenerationRequest[] requests = [new([8, 9], RandomKey.FromSeed(1))];
        Assert.Single(engine.Generate(requests, options));

        // The embedding of the prompt's last token; elsewhere the first element.
        var at = tensor.Contains("embed", StringComparison.Ordinal) ? 9 * decoder.Config.HiddenSize : 0;
        decoder.Parameters[tensor].Span<float>()[at] = value;
        engine.WeightsChanged();
        var error = Assert.Throws<LogitsException>(() => engine.Generate(requests, options).ToList());

        Assert.StartsWith("request 0: after 0 response tokens the logits are not finite", error.Message, StringComparison.Ordinal);
        Assert.StartsWith("runs/x: problem p1: after 0", error.Named("problem p1").Of("runs/x").Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(3e38f)]
    [InlineData(1e30f)]
    public void Logits_that_overflow_are_not_sampled_from(float scale)
    {
        using var decoder = RandomDecoder.Create(40);
        var norm = decoder.Parameters["model.norm.weight"].Span<float>();
        for (var i = 0; i < norm.Length; i++)
            norm[i] *= scale;

        Assert.Throws<LogitsException>(() => new Engine(decoder, s_tags, [0]).Generate([new([8, 9], RandomKey.FromSeed(1))], new GenerationOptions()).ToList());
    }

    [Fact]
    public void End_of_text_that_is_named_twice_counts_once()
    {
        using var decoder = RandomDecoder.Create(40);
        GenerationRequest[] requests = [.. Enumerable.Range(0, 8).Select(i => new GenerationRequest([8, 9], RandomKey.FromSeed(i)))];
        var options = new GenerationOptions { MaxTokens = 60, Paths = 3 };

        var once = new Engine(decoder, s_tags, [0]).Generate(requests, options).OrderBy(r => r.Index).Select(r => r.Result).ToList();
        var twice = new Engine(decoder, s_tags, [0, 0]).Generate(requests, options).OrderBy(r => r.Index).Select(r => r.Result).ToList();

        Assert.Equal(once.SelectMany(r => r.AllowedLogProbs), twice.SelectMany(r => r.AllowedLogProbs));
        Assert.All(twice.SelectMany(r => r.Banned), banned => Assert.Equal(banned.Distinct(), banned));
        Assert.Contains(once, r => r.Blocks > 0);
    }
}
