using System.Collections.Concurrent;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace ParallelR1;

/// <summary>
/// The rules of option records. A value out of its <see cref="BoundsAttribute"/> is refused where it is set, whoever sets it: C#, a recipe or a
/// command line. Which values go together a record says by <see cref="IOptionChecks"/>, and whoever takes the options asks.
/// </summary>
internal static class Options
{
    /// <summary>The value that is about to be set, if it is within the bounds of its property; null always is.</summary>
    /// <exception cref="UsageException">It is not.</exception>
    public static T Checked<T>(object owner, T value, [CallerMemberName] string property = "")
    {
        var bounds = BoundsAttribute.Of(owner.GetType(), property);
        return value is null || bounds.Allows(Convert.ToDouble(value, CultureInfo.InvariantCulture))
            ? value
            : throw new UsageException($"{owner.GetType().Name}.{property}: must be {bounds.Describe()}, found {Convert.ToString(value, CultureInfo.InvariantCulture)}");
    }

    /// <summary>Refuses values that do not go together.</summary>
    /// <exception cref="UsageException">Says which.</exception>
    public static void Require(IOptionChecks options)
    {
        foreach (var (key, problem) in options.Check())
            throw new UsageException($"{options.GetType().Name}{(key.Length == 0 ? "" : $" ({key})")}: {problem}");
    }
}

/// <summary>The smallest and the largest value of an option; without <see cref="Above"/> and <see cref="Below"/> the ends belong to it.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class BoundsAttribute(double minimum, double maximum = double.PositiveInfinity) : Attribute
{
    private static readonly ConcurrentDictionary<(Type Owner, string Property), BoundsAttribute> s_known = new();

    /// <summary>The smallest value.</summary>
    public double Minimum { get; } = minimum;

    /// <summary>The largest value.</summary>
    public double Maximum { get; } = maximum;

    /// <summary>The smallest value itself is not allowed.</summary>
    public bool Above { get; init; }

    /// <summary>The largest value itself is not allowed.</summary>
    public bool Below { get; init; }

    /// <summary>The bounds of a property.</summary>
    /// <exception cref="ArgumentException">It has none.</exception>
    public static BoundsAttribute Of(Type owner, string property) => s_known.GetOrAdd((owner, property), static key =>
        key.Owner.GetProperty(key.Property)?.GetCustomAttribute<BoundsAttribute>() ?? throw new ArgumentException($"{key.Owner.Name}.{key.Property} has no bounds"));

    /// <summary>Whether a value is within the bounds; NaN never is.</summary>
    public bool Allows(double value) =>
        (Above ? value > Minimum : value >= Minimum) && (Below ? value < Maximum : value <= Maximum);

    /// <summary>The bounds in words, as in "at least 0 and at most 1".</summary>
    public string Describe()
    {
        var low = $"{(Above ? "above" : "at least")} {Minimum:R}";
        return Maximum >= int.MaxValue ? low : $"{low} and {(Below ? "below" : "at most")} {Maximum:R}";
    }
}

/// <summary>Options that know which combinations of their values are impossible.</summary>
public interface IOptionChecks
{
    /// <summary>What is wrong: the recipe key (snake case; nested with dots; "" for the record itself) and what to do about it. Nothing when all is well.</summary>
    IEnumerable<(string Key, string Problem)> Check();
}
