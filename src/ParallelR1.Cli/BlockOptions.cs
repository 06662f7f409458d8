using System.CommandLine;
using ParallelR1.Generation;

namespace ParallelR1.Cli;

/// <summary><c>[--paths N] [--blocks N] [--path-tokens N] [--summary-tokens N]</c>: how many blocks, of how many paths, and how long their parts may be.</summary>
internal sealed class BlockOptions(BlockLimits defaults, int leastPaths = 1, int leastBlocks = 0)
{
    private readonly Option<int> _paths = Number("--paths", "paths a block", defaults.Paths);
    private readonly Option<int> _blocks = Number("--blocks", "blocks a response", defaults.Blocks);
    private readonly Option<int> _pathTokens = Number("--path-tokens", "sampled tokens a path, without its tags; 0: as many as fit", defaults.PathTokens);
    private readonly Option<int> _summaryTokens = Number("--summary-tokens", "sampled tokens a summary, without its tags; 0: as many as fit", defaults.SummaryTokens);

    public void AddTo(Command command)
    {
        foreach (var option in new[] { _paths, _blocks, _pathTokens, _summaryTokens })
            command.Add(option);
    }

    /// <exception cref="UsageException">A number is out of range.</exception>
    public BlockLimits Read(ParseResult parsed)
    {
        return new BlockLimits
        {
            Paths = Within(_paths, nameof(BlockLimits.Paths), leastPaths),
            Blocks = Within(_blocks, nameof(BlockLimits.Blocks), leastBlocks),
            PathTokens = Within(_pathTokens, nameof(BlockLimits.PathTokens)),
            SummaryTokens = Within(_summaryTokens, nameof(BlockLimits.SummaryTokens)),
        };

        int Within(Option<int> option, string property, int least = 0) => EngineLimitOptions.Within<BlockLimits, int>(option, parsed.GetValue(option), property, least);
    }

    private static Option<int> Number(string name, string description, int value) =>
        new(name) { Description = description, DefaultValueFactory = _ => value, HelpName = "N" };
}
