using System.CommandLine;

namespace ParallelR1.Cli.Commands;

/// <summary><c>model</c>: what is done to model files and folders.</summary>
internal static class ModelCommand
{
    public static Command Create() =>
        new("model", "Model files and folders: look at them, convert them, add the tags, download them.")
        {
            ModelConvertCommand.Create(),
            ModelInfoCommand.Create(),
            ModelInitTagsCommand.Create(),
            ModelPullCommand.Create(),
        };
}
