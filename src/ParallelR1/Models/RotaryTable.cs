using ParallelR1.Torch;

namespace ParallelR1.Models;

/// <summary>Cosines and sines of the rotary embedding, looked up by position.</summary>
internal sealed class RotaryTable(RopeConfig rope)
{
    private readonly float[] _frequencies = rope.InverseFrequencies();
    private readonly float _scaling = (float)rope.AttentionScaling;
    private readonly Lock _lock = new();
    private float[] _cosine = [];
    private float[] _sine = [];

    /// <summary>Gets cosines and sines [tokens, head size / 2] of positions.</summary>
    public (Tensor Cosine, Tensor Sine) At(ReadOnlySpan<int> positions, ScalarType type, Device device)
    {
        var half = _frequencies.Length;
        var (cosines, sines) = Grow(positions);
        float[] cosine = new float[positions.Length * half], sine = new float[positions.Length * half];
        for (var i = 0; i < positions.Length; i++)
        {
            cosines.AsSpan(positions[i] * half, half).CopyTo(cosine.AsSpan(i * half));
            sines.AsSpan(positions[i] * half, half).CopyTo(sine.AsSpan(i * half));
        }

        long tokens = positions.Length;
        return (Table(cosine), Table(sine));

        Tensor Table(float[] values) => Tensor.From(values, tokens, half).To(device).To(type);
    }

    /// <summary>Gets cosines and sines [positions, head size / 2] of all positions up to the given one, and possibly more.</summary>
    public (float[] Cosine, float[] Sine) UpTo(int position) => Grow([position]);

    /// <summary>Extends the tables to the largest position, if necessary.</summary>
    private (float[] Cosine, float[] Sine) Grow(ReadOnlySpan<int> positions)
    {
        var needed = 0;
        foreach (var position in positions)
            needed = Math.Max(needed, position + 1);
        lock (_lock)
        {
            var half = _frequencies.Length;
            var known = _cosine.Length / half;
            if (known >= needed)
                return (_cosine, _sine);
            var size = Math.Max(needed, Math.Max(known * 2, 256));
            Array.Resize(ref _cosine, size * half);
            Array.Resize(ref _sine, size * half);
            for (var position = known; position < size; position++)
            {
                for (var i = 0; i < half; i++)
                {
                    var angle = position * _frequencies[i];
                    _cosine[position * half + i] = MathF.Cos(angle) * _scaling;
                    _sine[position * half + i] = MathF.Sin(angle) * _scaling;
                }
            }

            return (_cosine, _sine);
        }
    }
}
