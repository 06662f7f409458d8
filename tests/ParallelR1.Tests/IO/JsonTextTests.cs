using System.Text.Json.Nodes;
using ParallelR1.IO;

namespace ParallelR1.Tests.IO;

public sealed class JsonTextTests
{
    [Theory]
    [InlineData("5.0", "5")]
    [InlineData("5", "5")]
    [InlineData("-0.0", "0")]
    [InlineData("0.50", "0.5")]
    [InlineData("-12.340", "-12.34")]
    [InlineData("1e3", "1000")]
    [InlineData("1.25E+1", "12.5")]
    [InlineData("5e-2", "0.05")]
    [InlineData("123456789012345678901234567890", "123456789012345678901234567890")]
    [InlineData("1e99999", "1e99999")]
    [InlineData("\"5.0\"", "5.0")]
    [InlineData("true", "true")]
    [InlineData("[5]", null)]
    public void A_number_is_written_as_a_person_would(string json, string? text) => Assert.Equal(text, JsonText.Of(JsonNode.Parse(json)));

    [Theory]
    [InlineData("a,b", false, "'a' is an invalid start of a value (line 1, byte 1).")]
    [InlineData("a,b", true, "'a' is an invalid start of a value (byte 1).")]
    [InlineData("{\n  \"x\": x }", false, "'x' is an invalid start of a value (line 2, byte 8).")]
    public void A_fault_is_placed_as_editors_count(string json, bool isLine, string expected)
    {
        var error = Assert.ThrowsAny<System.Text.Json.JsonException>(() => JsonNode.Parse(json));

        Assert.Equal(expected, JsonText.Fault(error, isLine));
    }
}
