using System.CommandLine;
using System.Globalization;
using ParallelR1.Generation;

namespace ParallelR1.Cli;

/// <summary><c>[--cache-bytes N] [--max-sequences N]</c>: how much the engine decodes at once.</summary>
internal sealed class EngineLimitOptions
{
    public Option<long?> CacheBytes { get; } = new("--cache-bytes") { Description = "bytes of keys and values at most (default: a quarter of the free memory)", HelpName = "N" };

    public Option<int> MaxSequences { get; } = new("--max-sequences") { Description = "responses decoded together at most", DefaultValueFactory = _ => new EngineLimits().Sequences, HelpName = "N" };

    /// <exception cref="UsageException">A number is out of range.</exception>
    public EngineLimits Read(ParseResult parsed) => new()
    {
        Sequences = Within<EngineLimits, int>(MaxSequences, parsed.GetValue(MaxSequences), nameof(EngineLimits.Sequences)),
        CacheBytes = parsed.GetValue(CacheBytes) is { } bytes ? Within<EngineLimits, long>(CacheBytes, bytes, nameof(EngineLimits.CacheBytes)) : null,
    };

    /// <summary>The value, if an options record takes it and it is not below <paramref name="least"/>; the error says the command line's name for it.</summary>
    public static T Within<TOptions, T>(Option option, T value, string property, double least = double.NegativeInfinity)
        where T : struct, IConvertible
    {
        var bounds = BoundsAttribute.Of(typeof(TOptions), property);
        if (least > bounds.Minimum)
            bounds = new BoundsAttribute(least, bounds.Maximum);
        return bounds.Allows(value.ToDouble(CultureInfo.InvariantCulture))
            ? value
            : throw new UsageException($"{option.Name} {value.ToString(CultureInfo.InvariantCulture)}: must be {bounds.Describe()}");
    }
}
