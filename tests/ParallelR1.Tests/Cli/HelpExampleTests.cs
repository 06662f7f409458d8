using System.CommandLine;
using System.Diagnostics;
using System.Text.RegularExpressions;
using ParallelR1.Cli;
using ParallelR1.IO;

namespace ParallelR1.Tests.Cli;

/// <summary>The examples that <c>--help</c> gives.</summary>
public sealed partial class HelpExampleTests
{
    public static TheoryData<string> All => [.. Examples(CommandLineApp.CreateRoot())];

    public static TheoryData<string> Piped => [.. Examples(CommandLineApp.CreateRoot()).Where(e => e.StartsWith("echo ", StringComparison.Ordinal))];

    [Fact]
    public void Every_command_that_does_something_has_an_example() =>
        Assert.All(Commands(CommandLineApp.CreateRoot()).Where(c => c.Subcommands.Count == 0), c => Assert.Contains("Example: ", c.Description!, StringComparison.Ordinal));

    [Theory]
    [MemberData(nameof(All))]
    public void An_example_can_be_read(string example)
    {
        var arguments = example[(example.LastIndexOf("parallel-r1 ", StringComparison.Ordinal) + "parallel-r1 ".Length)..];

        Assert.Empty(CommandLineApp.CreateRoot().Parse(arguments, CommandLineApp.Settings).Errors);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void What_an_example_names_of_the_checkout_is_there(string example)
    {
        Assert.SkipWhen(KnownFolders.Checkout is null, "the tests run outside of a checkout");
        Assert.All(OfCheckout().Matches(example), m => Assert.True(Path.Exists(Path.Combine(KnownFolders.Checkout!, m.Value)), m.Value));
    }

    [Theory]
    [MemberData(nameof(Piped))]
    public async Task An_example_of_lines_runs_as_it_stands(string example)
    {
        Assert.SkipWhen(KnownFolders.Checkout is null, "the tests run outside of a checkout");
        var start = new ProcessStartInfo("bash", ["-c", $"parallel-r1() {{ dotnet '{Path.Combine(AppContext.BaseDirectory, "parallel-r1.dll")}' \"$@\"; }}; set -o pipefail; {example}"])
        {
            RedirectStandardOutput = true,
            WorkingDirectory = KnownFolders.Checkout,
        };
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();

        Assert.Equal(0, process.ExitCode);
        Assert.StartsWith("{\"id\":1,", output, StringComparison.Ordinal);
    }

    private static IEnumerable<Command> Commands(Command command) => command.Subcommands.SelectMany(Commands).Prepend(command);

    /// <summary>What stands behind "Example:", without the remark in brackets on what comes before.</summary>
    private static IEnumerable<string> Examples(Command root) =>
        from command in Commands(root)
        from line in (command.Description ?? "").Split('\n')
        where line.Contains("Example: ", StringComparison.Ordinal)
        select Remark().Replace(line[(line.IndexOf("Example: ", StringComparison.Ordinal) + "Example: ".Length)..], "");

    [GeneratedRegex(@" \(after .*\)$")]
    private static partial Regex Remark();

    [GeneratedRegex(@"\b(assets|recipes)/[\w./-]+")]
    private static partial Regex OfCheckout();
}
