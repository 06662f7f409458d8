using System.CommandLine;
using ParallelR1.Generation;
using ParallelR1.Thinking;

namespace ParallelR1.Cli;

/// <summary>The options of every command that decodes.</summary>
internal sealed class DecodingOptions
{
    private static readonly GenerationOptions s_defaults = new();

    private readonly Option<string?> _engine = new("--engine") { Description = "parallel: blocks and paths side by side (default where the model has the tags); plain: ordinary decoding", HelpName = "parallel|plain" };

    private readonly Option<string> _visibility = new("--visibility")
    {
        Description = "unseen: positions and visibility by structure; seen: ordinary text after a block",
        DefaultValueFactory = _ => "unseen",
        HelpName = "unseen|seen",
    };

    private readonly BlockOptions _blocks = new(s_defaults);
    private readonly Option<int> _maxTokens = Number("--max-tokens", "all tokens of a response, injected ones too", s_defaults.MaxTokens);

    private readonly Option<int> _criticalTokens = Number("--critical-tokens", "tokens of a response on the critical path, of each block the longest path; 0: no limit beside --max-tokens", s_defaults.CriticalTokens);
    private readonly Option<bool> _numberPaths = new("--number-paths") { Description = "inject each path's ordinal after its <Path> (default: as the model was trained)" };
    private readonly Option<bool> _noNumberPaths = new("--no-number-paths") { Description = "do not, although the model was trained so" };

    private readonly Option<double> _temperature = new("--temperature") { Description = "0 is greedy", DefaultValueFactory = _ => s_defaults.Temperature, HelpName = "T" };

    private readonly Option<double> _topP = new("--top-p") { Description = "keep the most probable tokens whose mass reaches this", DefaultValueFactory = _ => s_defaults.TopP, HelpName = "P" };

    private readonly Option<int> _topK = Number("--top-k", "keep this many of the most probable tokens; 0: all", s_defaults.TopK);

    private readonly Option<double> _minP = new("--min-p") { Description = "keep the tokens that are at least this share as probable as the most probable one; 0: all", DefaultValueFactory = _ => s_defaults.MinP, HelpName = "P" };

    private readonly EngineLimitOptions _limits = new();

    private readonly Option<long> _seed = new("--seed") { Description = "keys every random draw", DefaultValueFactory = _ => 1, HelpName = "N" };

    public DecodingOptions()
    {
        _engine.AcceptOnlyFromAmong("parallel", "plain");
        _visibility.AcceptOnlyFromAmong("unseen", "seen");
    }

    public void AddTo(Command command)
    {
        command.Add(_engine);
        command.Add(_visibility);
        _blocks.AddTo(command);
        foreach (var option in new Option[] { _maxTokens, _criticalTokens, _numberPaths, _noNumberPaths, _temperature, _topP, _topK, _minP, _limits.CacheBytes, _limits.MaxSequences, _seed })
            command.Add(option);
    }

    public long Seed(ParseResult parsed) => parsed.GetValue(_seed);

    /// <summary>Reads what does not depend on the model, so that a wrong option is reported before the model is loaded.</summary>
    /// <exception cref="UsageException">A number is out of range.</exception>
    public GenerationOptions Read(ParseResult parsed) => new(_blocks.Read(parsed))
    {
        NumberPaths = Numbered(parsed),
        Parallel = parsed.GetValue(_engine) != "plain",
        Visibility = parsed.GetValue(_visibility) == "seen" ? Visibility.Seen : Visibility.Unseen,
        MaxTokens = Within(parsed, _maxTokens, nameof(GenerationOptions.MaxTokens)),
        CriticalTokens = Within(parsed, _criticalTokens, nameof(GenerationOptions.CriticalTokens)),
        Temperature = Within(parsed, _temperature, nameof(GenerationOptions.Temperature)),
        TopP = Within(parsed, _topP, nameof(GenerationOptions.TopP)),
        TopK = Within(parsed, _topK, nameof(GenerationOptions.TopK)),
        MinP = Within(parsed, _minP, nameof(GenerationOptions.MinP)),
    };

    /// <summary>Reads how much is decoded at once.</summary>
    /// <exception cref="UsageException">A number is out of range.</exception>
    public EngineLimits Limits(ParseResult parsed) => _limits.Read(parsed);

    /// <summary>Settles what was left open: the engine, and whether paths are numbered.</summary>
    /// <exception cref="UsageException">The parallel engine was asked for, and the model lacks the tags.</exception>
    public GenerationOptions For(OpenModel model, GenerationOptions options, ParseResult parsed)
    {
        if (!parsed.GetValue(_noNumberPaths) && model.Language is { NumberPaths: true })
            options = options with { NumberPaths = true };
        if (model.Tags is not null || !options.Parallel)
            return options;
        return parsed.GetValue(_engine) is null
            ? options with { Parallel = false }
            : throw new UsageException("--engine parallel needs the six tags, and the model lacks them; add them with `model init-tags`, or name their ids with --tags FILE");
    }

    /// <summary>How is decoded, in words.</summary>
    public static string Describe(GenerationOptions options) => options.Parallel
        ? $"engine parallel ({options.Paths} {(options.NumberPaths ? "numbered paths" : "paths")}, {options.Visibility.ToString().ToLowerInvariant()})"
        : "engine plain";

    private bool Numbered(ParseResult parsed) => !parsed.GetValue(_numberPaths) || !parsed.GetValue(_noNumberPaths)
        ? parsed.GetValue(_numberPaths)
        : throw new UsageException("give either --number-paths or --no-number-paths");

    private static Option<int> Number(string name, string description, int value) =>
        new(name) { Description = description, DefaultValueFactory = _ => value, HelpName = "N" };

    private static T Within<T>(ParseResult parsed, Option<T> option, string property)
        where T : struct, IConvertible =>
        EngineLimitOptions.Within<GenerationOptions, T>(option, parsed.GetValue(option), property);
}
