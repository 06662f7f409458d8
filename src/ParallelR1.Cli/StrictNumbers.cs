using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Numerics;

namespace ParallelR1.Cli;

/// <summary>
/// Numbers of all options are read to the letter: digits, a sign, a decimal point, an exponent. The library's own reading takes a comma for
/// a separator of thousands, so that 0,7 would be 7.
/// </summary>
internal static class StrictNumbers
{
    /// <summary>Applies it to a command and all below it.</summary>
    public static void ApplyTo(Command command)
    {
        foreach (var option in command.Options)
            Apply(option);
        foreach (var child in command.Subcommands)
            ApplyTo(child);
    }

    private static void Apply(Option option)
    {
        switch (option)
        {
            case Option<int> o: o.CustomParser ??= result => One(result, Whole<int>); break;
            case Option<int?> o: o.CustomParser ??= result => One(result, Whole<int>); break;
            case Option<long> o: o.CustomParser ??= result => One(result, Whole<long>); break;
            case Option<long?> o: o.CustomParser ??= result => One(result, Whole<long>); break;
            case Option<double> o: o.CustomParser ??= result => One(result, Real); break;
            case Option<double?> o: o.CustomParser ??= result => One(result, Real); break;
            case Option<int[]> o: o.CustomParser ??= result => [.. result.Tokens.Select(token => Read(result, token.Value, Whole<int>))]; break;
        }
    }

    private static T One<T>(ArgumentResult result, Func<string, T?> read)
        where T : struct => Read(result, result.Tokens[0].Value, read);

    private static T Read<T>(ArgumentResult result, string text, Func<string, T?> read)
        where T : struct
    {
        if (read(text) is { } value)
            return value;
        var option = (result.Parent as OptionResult)?.Option.Name ?? "";
        result.AddError($"{option} {text}: expected a {(typeof(T) == typeof(double) ? "number such as 0.7 (with a point, without separators)" : "whole number")}");
        return default;
    }

    private static T? Whole<T>(string text)
        where T : struct, IBinaryInteger<T> => T.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value : null;

    private static double? Real(string text) =>
        double.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value)
            ? value
            : null;
}
