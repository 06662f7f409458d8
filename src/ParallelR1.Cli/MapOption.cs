using System.CommandLine;
using ParallelR1.Data;

namespace ParallelR1.Cli;

/// <summary><c>--map field=column</c>: where a file calls its columns otherwise.</summary>
/// <param name="fields">The fields that there are, for the help.</param>
/// <param name="name">The option's name.</param>
/// <param name="file">What its file is called in the help.</param>
internal sealed class MapOption(string fields = MapOption.Problems, string name = "--map", string file = "a file")
{
    public const string Problems = "id, problem, answer, solution, source, split, meta.NAME";

    public Option<string[]> Option { get; } = new(name) { Description = $"field=column, several times: where {file} calls its columns otherwise; fields: {fields}", HelpName = "FIELD=COLUMN" };

    /// <summary>The pairs as they were given.</summary>
    public string[] Pairs(ParseResult parsed) => parsed.GetValue(Option) ?? [];

    /// <exception cref="UsageException">One is no pair, or a field is named twice.</exception>
    public Dictionary<string, string> Read(ParseResult parsed) => FieldMap.Parse(Pairs(parsed), Option.Name);
}
