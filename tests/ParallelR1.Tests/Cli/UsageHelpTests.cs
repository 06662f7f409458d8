using ParallelR1.Cli;

namespace ParallelR1.Tests.Cli;

public sealed class UsageHelpTests
{
    [Theory]
    [InlineData("", "  quickstart  ")]
    [InlineData("data", "  prepare ")]
    [InlineData("evl --model x", "no command 'parallel-r1 evl'; did you mean 'eval'?")]
    [InlineData("qzwx", "no command 'parallel-r1 qzwx'\n")]
    [InlineData("qzwx", "  quickstart  ")]
    [InlineData("data lst", "no command 'parallel-r1 data lst'; did you mean 'list'?")]
    [InlineData("pull", "did you mean 'data pull' or 'model pull'?")]
    [InlineData("eval --modl x --suite y", "parallel-r1 eval has no option '--modl'; did you mean '--model'?")]
    [InlineData("eval --model x --suite y --thread=1", "has no option '--thread'; did you mean '--threads'?")]
    [InlineData("model info", "See parallel-r1 model info --help")]
    public void What_cannot_be_read_is_answered_with_the_nearest_name_and_the_list(string arguments, string expected) =>
        Assert.Contains(expected, Help(arguments), StringComparison.Ordinal);

    [Theory]
    [InlineData("")]
    [InlineData("completely-unknown")]
    [InlineData("data")]
    public async Task It_is_wrong_usage(string arguments) =>
        Assert.Equal(2, await CommandLineApp.RunAsync(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries)));

    [Theory]
    [InlineData("nonsense")]
    [InlineData("mini/sft")]
    [InlineData("mini/rl-s2", "mini/rl-s2")]
    public async Task Quickstart_says_what_is_wrong_before_it_works(params string[] recipes)
    {
        using var folder = new TemporaryFolder();

        Assert.Equal(2, await CommandLineApp.RunAsync(["quickstart", "--out", folder["run"], "--rl", .. recipes]));

        Assert.False(Directory.Exists(folder["run"]));
    }

    [Theory]
    [InlineData("quickstart --rl mini/rl-s2 --sed 3", "--sed", "--seed")]
    [InlineData("bench engine --sequences 1 --dtyp f32", "--dtyp", "--dtype")]
    [InlineData("report runs/x --ot page.html", "--ot", "--out")]
    [InlineData("sft mini/sft --out --resum", "--resum", "--resume")]
    [InlineData("generate --model x --prompt --jso", "--jso", "--json")]
    public void A_misspelt_option_is_never_taken_for_a_value(string arguments, string written, string meant)
    {
        var words = arguments.Split(' ');

        var said = UsageHelp.Swallowed(CommandLineApp.CreateRoot().Parse(words, CommandLineApp.Settings), words);

        Assert.Contains($"has no option '{written}'; did you mean '{meant}'?", said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("generate", "--model", "x", "--prompt=--jso")]
    [InlineData("generate", "--model", "x", "--prompt", "--jso means nothing")]
    [InlineData("eval", "--model", "x", "--suite", "a", "--suite", "b", "--threads", "1")]
    [InlineData("report", "--", "--jso")]
    public void Values_that_are_meant_are_taken(params string[] words) =>
        Assert.Null(UsageHelp.Swallowed(CommandLineApp.CreateRoot().Parse(words, CommandLineApp.Settings), words));

    private static string Help(string arguments)
    {
        using var writer = new StringWriter();
        UsageHelp.Write(CommandLineApp.CreateRoot().Parse(arguments, CommandLineApp.Settings), writer);
        return writer.ToString();
    }
}
