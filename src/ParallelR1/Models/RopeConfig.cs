namespace ParallelR1.Models;

/// <summary>
/// Settings of the rotary position embedding: base, dimension and scaling. The formulas, and their rounding to f32, are those of
/// <c>modeling_rope_utils</c> in Hugging Face transformers; angles are position × inverse frequency in f32.
/// </summary>
/// <param name="Theta">The base of the geometric series of wavelengths.</param>
/// <param name="Dimension">Size of a head; even.</param>
public sealed record RopeConfig(double Theta, int Dimension)
{
    /// <summary>Gets the type of scaling.</summary>
    public RopeType Type { get; init; }

    /// <summary>Gets the ratio of the maximum context length to <see cref="OriginalMaxPositions"/>, 1 by default.</summary>
    public double Factor { get; init; } = 1;

    /// <summary>Gets the context length of the original training (llama3, yarn).</summary>
    public int OriginalMaxPositions { get; init; }

    /// <summary>Gets the low-frequency factor (llama3), 1 by default: frequencies with wavelengths above original length ÷ this are divided by the factor.</summary>
    public double LowFrequencyFactor { get; init; } = 1;

    /// <summary>Gets the high-frequency factor (llama3), 4 by default: frequencies with wavelengths below original length ÷ this are kept.</summary>
    public double HighFrequencyFactor { get; init; } = 4;

    /// <summary>Gets the number of rotations over the original length above which a dimension is kept (yarn), 32 by default.</summary>
    public double BetaFast { get; init; } = 32;

    /// <summary>Gets the number of rotations over the original length below which a dimension's frequency is divided by the factor (yarn), 1 by default.</summary>
    public double BetaSlow { get; init; } = 1;

    /// <summary>Gets the factor on cosines and sines, if the config specifies one (yarn); else null.</summary>
    public double? AttentionFactor { get; init; }

    /// <summary>Gets the coefficient in the numerator of the derived attention factor (yarn, DeepSeek's variant).</summary>
    public double? MScale { get; init; }

    /// <summary>Gets the coefficient in the denominator of the derived attention factor (yarn, DeepSeek's variant).</summary>
    public double? MScaleAllDim { get; init; }

    /// <summary>Gets whether the ends of yarn's ramp are rounded to whole dimensions; true by default.</summary>
    public bool Truncate { get; init; } = true;

    /// <summary>Gets the factor on cosines and sines: 1 except for yarn.</summary>
    public double AttentionScaling
    {
        get
        {
            if (Type != RopeType.Yarn)
                return 1;
            if (AttentionFactor is { } given)
                return given;
            return MScale is { } m and not 0 && MScaleAllDim is { } all and not 0
                ? Temperature(m) / Temperature(all)
                : Temperature(1);
        }
    }

    /// <summary>Computes the inverse frequencies: radians per position for each pair of dimensions.</summary>
    /// <returns>Inverse frequencies [<see cref="Dimension"/> / 2].</returns>
    public float[] InverseFrequencies()
    {
        var plain = new float[Dimension / 2];
        for (var i = 0; i < plain.Length; i++)
            plain[i] = 1f / Wave(i);
        return Type switch
        {
            RopeType.Linear => Array.ConvertAll(plain, f => f / (float)Factor),
            RopeType.Llama3 => Array.ConvertAll(plain, Llama3),
            RopeType.Yarn => Yarn(plain),
            _ => plain,
        };
    }

    private float Wave(int pair) => MathF.Pow((float)Theta, 2 * pair / (float)Dimension);

    private double Temperature(double coefficient) => Factor <= 1 ? 1 : 0.1 * coefficient * Math.Log(Factor) + 1;

    private float Llama3(float frequency)
    {
        var wavelength = (float)(2 * Math.PI) / frequency;
        if (wavelength > (float)(OriginalMaxPositions / LowFrequencyFactor))
            return frequency / (float)Factor;
        if (wavelength < (float)(OriginalMaxPositions / HighFrequencyFactor))
            return frequency;
        var smooth = (OriginalMaxPositions / wavelength - (float)LowFrequencyFactor) / (float)(HighFrequencyFactor - LowFrequencyFactor);
        return (1 - smooth) * frequency / (float)Factor + smooth * frequency;
    }

    private float[] Yarn(float[] plain)
    {
        double low = CorrectionDimension(BetaFast), high = CorrectionDimension(BetaSlow);
        if (Truncate)
            (low, high) = (Math.Floor(low), Math.Ceiling(high));
        (low, high) = (Math.Max(low, 0), Math.Min(high, Dimension - 1));
        if (low == high)
            high += 0.001;
        var scaled = new float[plain.Length];
        for (var i = 0; i < plain.Length; i++)
        {
            var ramp = Math.Clamp((i - (float)low) / (float)(high - low), 0f, 1f);
            var keep = 1 - ramp;
            scaled[i] = 1f / ((float)Factor * Wave(i)) * (1 - keep) + plain[i] * keep;
        }

        return scaled;
    }

    /// <summary>Computes the dimension that makes this many rotations over the original context.</summary>
    private double CorrectionDimension(double rotations) =>
        Dimension * Math.Log(OriginalMaxPositions / (rotations * 2 * Math.PI)) / (2 * Math.Log(Theta));
}

/// <summary>How rotary frequencies are scaled for contexts longer than that of the original training.</summary>
public enum RopeType
{
    /// <summary>Not scaled.</summary>
    Default,

    /// <summary>All frequencies are divided by the factor.</summary>
    Linear,

    /// <summary>Low frequencies are divided, high ones kept, with a ramp over wavelengths between (Llama 3.1).</summary>
    Llama3,

    /// <summary>A ramp over dimensions, and attention scaled by a temperature (YaRN, Peng et al. 2023, arXiv 2309.00071).</summary>
    Yarn,
}
