using System.CommandLine;
using ParallelR1.Cli.Output;
using ParallelR1.Data.Hub;

namespace ParallelR1.Cli;

/// <summary><c>--from</c>, <c>--quiet</c>: the options of the commands that download.</summary>
internal sealed class HubCommandOptions
{
    public Option<string?> From { get; } = new("--from") { Description = "a mirror's address or a local folder, instead of the hub (also HF_ENDPOINT; a token in HF_TOKEN)" };

    public Option<bool> Quiet { get; } = new("--quiet") { Description = "no progress" };

    public void AddTo(Command command)
    {
        command.Add(From);
        command.Add(Quiet);
    }

    public HubClient Open(ParseResult parsed)
    {
        var options = HubOptions.FromEnvironment();
        return new HubClient(parsed.GetValue(From) is { } from ? options with { Endpoint = from.TrimEnd('/') } : options);
    }

    public IDisposableObserver Observer(ParseResult parsed) => ProgressObserver.Create(parsed.GetValue(Quiet));
}
