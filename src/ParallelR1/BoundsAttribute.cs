namespace ParallelR1;

/// <summary>The smallest and the largest value of a number in a recipe; without <see cref="Above"/> and <see cref="Below"/> the ends belong to it.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class BoundsAttribute(double minimum, double maximum = double.PositiveInfinity) : Attribute
{
    /// <summary>The smallest value.</summary>
    public double Minimum { get; } = minimum;

    /// <summary>The largest value.</summary>
    public double Maximum { get; } = maximum;

    /// <summary>The smallest value itself is not allowed.</summary>
    public bool Above { get; init; }

    /// <summary>The largest value itself is not allowed.</summary>
    public bool Below { get; init; }

    internal bool Allows(double value) =>
        (Above ? value > Minimum : value >= Minimum) && (Below ? value < Maximum : value <= Maximum);

    internal string Describe()
    {
        var low = $"{(Above ? "above" : "at least")} {Minimum:R}";
        return Maximum >= int.MaxValue ? low : $"{low} and {(Below ? "below" : "at most")} {Maximum:R}";
    }
}
