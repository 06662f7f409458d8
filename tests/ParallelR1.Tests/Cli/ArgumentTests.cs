using System.CommandLine;
using ParallelR1.Cli;

namespace ParallelR1.Tests.Cli;

public sealed class ArgumentTests
{
    [Theory]
    [InlineData("0,7")]
    [InlineData("1,000")]
    [InlineData("0.7.1")]
    [InlineData("NaN")]
    [InlineData("1e999")]
    [InlineData("(5)")]
    [InlineData(" 1")]
    [InlineData("x")]
    public void A_number_that_is_not_one_to_the_letter_is_an_error_wherever_numbers_are_taken(string text)
    {
        foreach (var (path, option) in Numbers(CommandLineApp.CreateRoot(), ""))
        {
            var result = CommandLineApp.CreateRoot().Parse($"{path} {option.Name}={(text.Contains(' ', StringComparison.Ordinal) ? $"\"{text}\"" : text)}");

            Assert.Contains(result.Errors, error => error.Message.Contains(option.Name, StringComparison.Ordinal) && error.Message.Contains("expected", StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("0.7")]
    [InlineData("7e-1")]
    [InlineData("+1")]
    [InlineData("-0.5")]
    public void A_number_is_read(string text) =>
        Assert.Empty(CommandLineApp.CreateRoot().Parse($"generate --model x --prompt y --temperature {text}").Errors);

    [Fact]
    public async Task A_value_that_begins_with_at_is_that_value_and_no_file()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder["arguments"], "--limit 0,7");

        // Read as a file of arguments it would be another error.
        Assert.Equal(2, await CommandLineApp.RunAsync(["generate", "--model", folder["absent"], "--prompt", $"@{folder["arguments"]}"]));
        var parsed = CommandLineApp.CreateRoot().Parse(["generate", "--model", "x", "--prompt", $"@{folder["arguments"]}"], CommandLineApp.Settings);
        Assert.Empty(parsed.Errors);
        Assert.Contains(parsed.Tokens, token => token.Value == $"@{folder["arguments"]}");
    }

    private static IEnumerable<(string Path, Option Option)> Numbers(Command command, string path)
    {
        foreach (var option in command.Options.Where(o => (Nullable.GetUnderlyingType(o.ValueType) ?? o.ValueType) is var type && (type == typeof(int) || type == typeof(long) || type == typeof(double) || type == typeof(int[]))))
            yield return (path, option);
        foreach (var child in command.Subcommands)
        {
            foreach (var found in Numbers(child, $"{path} {child.Name}"))
                yield return found;
        }
    }
}
