namespace ParallelR1.Data.Parquet;

/// <summary>Dates and times of the format as ISO 8601 text.</summary>
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
            ? DateTime.UnixEpoch.AddTicks((seconds * TimeSpan.TicksPerSecond) + Ticks(rest, perSecond)).ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFF")
            : throw new InputException($"column '{column}' holds a time outside the years 1 to 9999");
    }

    private static long Ticks(long value, long perSecond) =>
        perSecond > TimeSpan.TicksPerSecond ? value / (perSecond / TimeSpan.TicksPerSecond) : value * (TimeSpan.TicksPerSecond / perSecond);
}
