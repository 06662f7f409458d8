using System.CommandLine;

namespace ParallelR1.Cli.Commands;

/// <summary><c>model</c>: model files and folders.</summary>
internal static class ModelCommand
{
    public static Command Create() =>
        new("model", "Model files and folders.")
        {
            ModelPullCommand.Create(),
        };
}
