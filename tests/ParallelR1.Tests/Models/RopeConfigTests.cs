using ParallelR1.Models;

namespace ParallelR1.Tests.Models;

/// <summary>Expected values: <c>ROPE_INIT_FUNCTIONS</c> of transformers 5.23.</summary>
public class RopeConfigTests
{
    [Fact]
    public void LinearScalingDividesEveryFrequency() => AssertEqual(
        new RopeConfig(10000, 16) { Type = RopeType.Linear, Factor = 2 },
        1,
        0.5f, 0.15811388194561005f, 0.05000000074505806f, 0.015811389312148094f, 0.004999999888241291f, 0.0015811389312148094f, 0.0005000000237487257f, 0.00015811389312148094f);

    [Fact]
    public void Llama3ScalingKeepsShortWavelengths() => AssertEqual(
        new RopeConfig(500000, 16) { Type = RopeType.Llama3, Factor = 8, LowFrequencyFactor = 1, HighFrequencyFactor = 4, OriginalMaxPositions = 8192 },
        1,
        1, 0.193922758102417f, 0.03760603070259094f, 0.00729266507551074f, 0.0005248460220173001f, 3.428102354519069e-05f, 6.647869668086059e-06f, 1.289173155782919e-06f);

    [Fact]
    public void YarnScalesAttentionByItsTemperature() => AssertEqual(
        new RopeConfig(1000000, 16) { Type = RopeType.Yarn, Factor = 4, OriginalMaxPositions = 32 },
        1.138629436111989,
        1, 0.04445698484778404f, 0.007905694656074047f, 0.0014058533124625683f, 0.0002500000118743628f, 4.4456985051510856e-05f, 7.905693564680405e-06f, 1.405853367941745e-06f);

    [Fact]
    public void YarnHonoursMScaleBetasAndTruncation() => AssertEqual(
        new RopeConfig(10000, 16) { Type = RopeType.Yarn, Factor = 40, OriginalMaxPositions = 4096, MScale = 0.707, MScaleAllDim = 1, BetaFast = 16, BetaSlow = 2, Truncate = false },
        0.9210423553163399,
        1, 0.3162277638912201f, 0.10000000149011612f, 0.03162277862429619f, 0.005790104623883963f, 0.00012395245721563697f, 2.499999936844688e-05f, 7.905694474175107e-06f);

    [Fact]
    public void YarnTakesAGivenAttentionFactor() => AssertEqual(
        new RopeConfig(10000, 16) { Type = RopeType.Yarn, Factor = 2, OriginalMaxPositions = 2048, AttentionFactor = 0.9 },
        0.9,
        1, 0.3162277638912201f, 0.10000000149011612f, 0.027669930830597878f, 0.007499999832361937f, 0.0019764236640185118f, 0.0005000000237487257f, 0.00015811389312148094f);

    private static void AssertEqual(RopeConfig rope, double scaling, params float[] frequencies)
    {
        var actual = rope.InverseFrequencies();
        Assert.Equal(frequencies.Length, actual.Length);
        for (var i = 0; i < actual.Length; i++)
            Assert.InRange(actual[i] / frequencies[i], 1 - 3e-7f, 1 + 3e-7f);
        Assert.Equal(scaling, rope.AttentionScaling, 1e-15);
    }
}
