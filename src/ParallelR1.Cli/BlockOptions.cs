using System.CommandLine;
using ParallelR1.Generation;

namespace ParallelR1.Cli;

/// <summary><c>[--paths N] [--blocks N] [--path-tokens N] [--summary-tokens N]</c>: how many blocks, of how many paths, and how long their parts may be.</summary>
/// <remarks>The properties of the options records that take them have one name: <see cref="GenerationOptions.Paths"/> and so on.</remarks>
internal sealed class BlockOptions(int paths, int blocks, int pathTokens, int summaryTokens)
{
    private readonly Option<int> _paths = Number("--paths", "paths a block", paths);
    private readonly Option<int> _blocks = Number("--blocks", "blocks a response", blocks);
    private readonly Option<int> _pathTokens = Number("--path-tokens", "sampled tokens a path, without its tags; 0: as many as fit", pathTokens);
    private readonly Option<int> _summaryTokens = Number("--summary-tokens", "sampled tokens a summary, without its tags; 0: as many as fit", summaryTokens);

    public void AddTo(Command command)
    {
        foreach (var option in new[] { _paths, _blocks, _pathTokens, _summaryTokens })
            command.Add(option);
    }

    /// <typeparam name="TOptions">The options record that takes them, and says what is in range.</typeparam>
    /// <exception cref="UsageException">A number is out of range.</exception>
    public (int Paths, int Blocks, int PathTokens, int SummaryTokens) Read<TOptions>(ParseResult parsed)
    {
        return (Within(_paths, nameof(GenerationOptions.Paths)), Within(_blocks, nameof(GenerationOptions.Blocks)),
            Within(_pathTokens, nameof(GenerationOptions.PathTokens)), Within(_summaryTokens, nameof(GenerationOptions.SummaryTokens)));

        int Within(Option<int> option, string property) => EngineLimitOptions.Within<TOptions, int>(option, parsed.GetValue(option), property);
    }

    private static Option<int> Number(string name, string description, int value) =>
        new(name) { Description = description, DefaultValueFactory = _ => value, HelpName = "N" };
}
