using System.Globalization;

namespace ParallelR1.Runs.Reports;

/// <summary>A linear axis with round ticks.</summary>
internal sealed class ChartScale
{
    private readonly double _from, _to;

    public ChartScale(double low, double high, double from, double to, int ticks, bool pad)
    {
        (_from, _to) = (from, to);
        if (!(high > low))
        {
            var room = Math.Max(Math.Abs(low) * 0.1, 1e-9);
            (low, high) = pad ? (low - room, high + room) : (low, low + 1);
        }

        var step = Round((high - low) / ticks);
        Low = pad ? Math.Floor(low / step + 1e-9) * step : low;
        High = pad ? Math.Ceiling(high / step - 1e-9) * step : high;
        var first = (int)Math.Ceiling(Low / step - 1e-9);
        Ticks = [.. Enumerable.Range(0, 50).Select(i => (first + i) * step).TakeWhile(t => t <= High + step * 1e-6)];
    }

    public double Low { get; }

    public double High { get; }

    public IReadOnlyList<double> Ticks { get; }

    public double Map(double value) => _from + (value - Low) / (High - Low) * (_to - _from);

    /// <summary>A number short enough for an axis or a caption.</summary>
    public static string Format(double value)
    {
        var size = Math.Abs(value);
        return size switch
        {
            0 => "0",
            >= 1e6 => (value / 1e6).ToString("0.##", CultureInfo.InvariantCulture) + "M",
            >= 1e4 => (value / 1e3).ToString("0.#", CultureInfo.InvariantCulture) + "k",
            >= 100 => value.ToString("0", CultureInfo.InvariantCulture),
            >= 1e-3 => value.ToString("G3", CultureInfo.InvariantCulture),
            _ => value.ToString("0.##e0", CultureInfo.InvariantCulture),
        };
    }

    private static double Round(double step)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(step)));
        var digit = step / power;
        return power * (digit <= 1 ? 1 : digit <= 2 ? 2 : digit <= 2.5 ? 2.5 : digit <= 5 ? 5 : 10);
    }
}
