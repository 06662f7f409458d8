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
    [InlineData(-62_135_596_800_001)]
    [InlineData(253_402_300_800_000)]
    [InlineData(long.MinValue)]
    [InlineData(long.MaxValue)]
    public void A_stamp_outside_of_them_is_an_error_that_names_the_column(long value) =>
        Assert.Contains("column 'c'", Assert.Throws<InputException>(() => Time.Stamp(value, 1000, "c")).Message);
}
