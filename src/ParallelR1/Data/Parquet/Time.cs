namespace ParallelR1.Data.Parquet;

/// <summary>Formats dates and times as ISO 8601 text.</summary>
internal static class Time
{
    private const long FirstSecond = -62_135_596_800;
    private const long LastSecond = 253_402_300_799;

    public static string Date(long daysSince1970, string column) =>
        daysSince1970 is > -719_163 and < 2_932_897
            ? DateOnly.FromDayNumber((int)(719_162 + daysSince1970)).ToString("yyyy-MM-dd")
            : throw new InputException($"column '{column}' holds a date outside the years 1 to 9999");

    public static string OfDay(long value, long perSecond, string column) =>
        value >= 0 && value < 86_400 * perSecond
            ? TimeSpan.FromTicks(Ticks(value, perSecond)).ToString(@"hh\:mm\:ss\.fffffff")
            : throw new InputException($"column '{column}' holds a time outside of a day");

    public static string Stamp(long value, long perSecond, string column)
    {
        var seconds = Math.DivRem(value, perSecond, out var rest);
        if (rest < 0)
            (seconds, rest) = (seconds - 1, rest + perSecond);
        return seconds is >= FirstSecond and <= LastSecond
            ? Text(DateTime.UnixEpoch.AddTicks((seconds * TimeSpan.TicksPerSecond) + Ticks(rest, perSecond)))
            : throw new InputException($"column '{column}' holds a time outside the years 1 to 9999");
    }

    /// <summary>Formats a timestamp of Julian day (days since 1 January 4713 BC, counted at midnight) and nanoseconds of the day.</summary>
    public static string Julian(int day, long nanos, string column)
    {
        var days = (long)(uint)day - 2_440_588;
        return nanos is >= 0 and < 86_400_000_000_000 && days is > -719_163 and < 2_932_897
            ? Text(DateTime.UnixEpoch.AddDays(days).AddTicks(nanos / 100))
            : throw new InputException($"column '{column}' holds a time outside the years 1 to 9999");
    }

    private static string Text(DateTime time) => time.ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFF");

    private static long Ticks(long value, long perSecond) =>
        perSecond > TimeSpan.TicksPerSecond ? value / (perSecond / TimeSpan.TicksPerSecond) : value * (TimeSpan.TicksPerSecond / perSecond);
}
