using System.Globalization;
using System.Numerics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ParallelR1.IO;

/// <summary>Formats JSON values as plain text.</summary>
internal static class JsonText
{
    private const int MaxDigits = 400;

    /// <summary>How .NET begins to say where a fault is.</summary>
    private static readonly string[] s_places = [" Path: ", " LineNumber: "];

    /// <summary>The text of a string, number or Boolean; null for anything else. A number keeps all its digits and loses what says nothing: <c>5.0</c> and <c>0.5e1</c> are <c>5</c>.</summary>
    public static string? Of(JsonNode? node) => node is not JsonValue value ? null : value.GetValueKind() switch
    {
        JsonValueKind.String => value.GetValue<string>(),
        JsonValueKind.Number => Number(value.ToJsonString()),
        _ => value.ToJsonString(),
    };

    /// <summary>Describes a value for an error message: "missing", "a list of 2", "the number 5", "an empty string".</summary>
    public static string Describe(JsonNode? node) => node switch
    {
        null => "missing",
        JsonArray list => $"a list of {list.Count}",
        JsonObject => "an object",
        _ when node.GetValueKind() == JsonValueKind.Number => $"the number {node.ToJsonString()}",
        _ when node.GetValueKind() == JsonValueKind.String => string.IsNullOrWhiteSpace(node.GetValue<string>()) ? "an empty string" : "a string",
        _ => node.ToJsonString(),
    };

    /// <summary>Describes a JSON syntax error and its position: lines and bytes are counted from 1, as in editors.</summary>
    /// <param name="e">The exception thrown by the JSON reader.</param>
    /// <param name="isLine">Whether the text was one line of a file that the message already names.</param>
    public static string Fault(Exception e, bool isLine = false)
    {
        ArgumentNullException.ThrowIfNull(e);
        if (e is not JsonException { LineNumber: { } line, BytePositionInLine: { } position })
            return e.Message;
        var end = s_places.Select(mark => e.Message.IndexOf(mark, StringComparison.Ordinal)).Where(at => at > 0).DefaultIfEmpty(e.Message.Length).Min();
        return $"{e.Message[..end].TrimEnd('.')} ({(isLine ? "" : $"line {line + 1}, ")}byte {position + 1}).";
    }

    /// <summary>A JSON number in plain decimal digits; numbers whose digits would fill a line stay as they are.</summary>
    private static string Number(string json)
    {
        var (mantissa, exponent) = json.IndexOfAny(['e', 'E']) is var e and >= 0 ? (json[..e], json[(e + 1)..]) : (json, "0");
        if (!int.TryParse(exponent, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var power) || Math.Abs((long)power) > MaxDigits)
            return json;
        var point = mantissa.IndexOf('.', StringComparison.Ordinal);
        var scale = (point < 0 ? 0 : mantissa.Length - point - 1) - power;
        var digits = BigInteger.Parse(mantissa.Replace(".", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);
        if (digits.IsZero)
            return "0";
        var text = BigInteger.Abs(digits).ToString(CultureInfo.InvariantCulture);
        if (scale <= 0)
            text += new string('0', -scale);
        else
            text = Fraction(text.PadLeft(scale + 1, '0'), scale);
        return digits.Sign < 0 ? "-" + text : text;
    }

    private static string Fraction(string digits, int scale)
    {
        var (whole, part) = (digits[..^scale], digits[^scale..].TrimEnd('0'));
        return part.Length == 0 ? whole : $"{whole}.{part}";
    }
}
