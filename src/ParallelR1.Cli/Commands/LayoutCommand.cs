using System.CommandLine;

namespace ParallelR1.Cli.Commands;

/// <summary><c>layout</c>: segments, positions and visibility of given tokens.</summary>
internal static class LayoutCommand
{
    public static Command Create()
    {
        var lines = new LineOptions();
        var command = new Command("layout", "Segments, positions and visibility of given tokens.");
        lines.AddTo(command);
        command.SetAction((parsed, cancellation) => Task.FromResult(lines.Run(parsed, value => value, cancellation)));
        return command;
    }
}
