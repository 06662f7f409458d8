using ParallelR1.Data.Parquet;

namespace ParallelR1.Tests.Data;

public class ParquetTimeTests
{
    [Theory]
    [InlineData(-62_135_596_800_000, 1000, "0001-01-01T00:00:00")]
    [InlineData(-62_135_596_799_999, 1000, "0001-01-01T00:00:00.001")]
    [InlineData(253_402_300_799_999, 1000, "9999-12-31T23:59:59.999")]
    [InlineData(-1, 1000, "1969-12-31T23:59:59.999")]
    [InlineData(-1001, 1000, "1969-12-31T23:59:58.999")]
    [InlineData(-1, 1_000_000, "1969-12-31T23:59:59.999999")]
    [InlineData(-1, 1_000_000_000, "1969-12-31T23:59:59.9999999")]
    [InlineData(0, 1000, "1970-01-01T00:00:00")]
    public void Every_stamp_of_the_years_1_to_9999_is_read(long value, long perSecond, string expected) =>
        Assert.Equal(expected, Time.Stamp(value, perSecond, "c"));

    [Theory]
    [InlineData(2_440_588, 0, "1970-01-01T00:00:00")]
    [InlineData(2_440_587, 86_399_999_999_900, "1969-12-31T23:59:59.9999999")]
    [InlineData(1_721_426, 0, "0001-01-01T00:00:00")]
    [InlineData(5_373_484, 3_600_000_000_000, "9999-12-31T01:00:00")]
    public void A_stamp_of_12_bytes_counts_julian_days(int day, long nanos, string expected) =>
        Assert.Equal(expected, Time.Julian(day, nanos, "c"));

    [Theory]
    [InlineData(1_721_425, 0)]
    [InlineData(5_373_485, 0)]
    [InlineData(-1, 0)]
    [InlineData(2_440_588, -1)]
    [InlineData(2_440_588, 86_400_000_000_000)]
    public void A_stamp_of_12_bytes_outside_of_them_is_an_error(int day, long nanos) =>
        Assert.Throws<InputException>(() => Time.Julian(day, nanos, "c"));

    [Theory]
    [InlineData(-62_135_596_800_001)]
    [InlineData(253_402_300_800_000)]
    [InlineData(long.MinValue)]
    [InlineData(long.MaxValue)]
    public void A_stamp_outside_of_them_is_an_error_that_names_the_column(long value) =>
        Assert.Contains("column 'c'", Assert.Throws<InputException>(() => Time.Stamp(value, 1000, "c")).Message);
}
