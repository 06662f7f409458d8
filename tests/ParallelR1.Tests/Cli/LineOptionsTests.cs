using System.Diagnostics;
using System.Text.Json.Nodes;

namespace ParallelR1.Tests.Cli;

public sealed class LineOptionsTests(CommandFolder folder) : IClassFixture<CommandFolder>
{
    private const string Line = """{"id": 1, "text": "a <Parallel>"}""";

    [Theory]
    [InlineData]
    [InlineData("--input", "-", "--output", "-")]
    public async Task Lines_go_from_standard_input_to_standard_output_without_other_names(params string[] more)
    {
        var (status, output, error) = await ProgramProcess.RunAsync($"{Line}\n{Line}", ["check-format", .. more]);

        Assert.Equal((0, ""), (status, error));
        Assert.Equal([1, 1], output.TrimEnd().Split('\n').Select(line => (int)JsonNode.Parse(line)!["id"]!));
    }

    [Fact]
    public async Task An_error_in_standard_input_names_it_and_the_line()
    {
        var (status, _, error) = await ProgramProcess.RunAsync($"{Line}\n{{", "check-format");

        Assert.Equal(1, status);
        Assert.Contains("standard input:2: ", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pipe_as_output_is_written_and_not_replaced()
    {
        using var made = Process.Start("mkfifo", [folder["pipe"]]);
        await made.WaitForExitAsync();
        await File.WriteAllTextAsync(folder["lines"], Line);
        var reading = Task.Run(() => File.ReadAllText(folder["pipe"]));

        Assert.Equal(0, await ParallelR1.Cli.CommandLineApp.RunAsync(["check-format", "--input", folder["lines"], "--output", folder["pipe"]]));

        Assert.Equal(1, (int)JsonNode.Parse(await reading)!["id"]!);
        using var test = Process.Start("test", ["-p", folder["pipe"]]);
        await test.WaitForExitAsync();
        Assert.Equal(0, test.ExitCode);
    }

    [Fact]
    public async Task What_generate_has_finished_is_in_the_pipe_while_it_waits_for_more()
    {
        using var process = ProgramProcess.Start("generate", "--model", folder["model"], "--max-tokens", "4", "--quiet");
        await process.StandardInput.WriteLineAsync("""{"id": 1, "prompt_ids": [30]}""");
        await process.StandardInput.FlushAsync();

        // Would wait for ever if lines were kept until the input's end.
        Assert.Equal(1, (int)JsonNode.Parse((await process.StandardOutput.ReadLineAsync())!)!["id"]!);

        await process.StandardInput.WriteLineAsync("""{"id": 2, "prompt_ids": [30]}""");
        process.StandardInput.Close();
        Assert.Equal(2, (int)JsonNode.Parse((await process.StandardOutput.ReadLineAsync())!)!["id"]!);
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
    }
}
