using System.CommandLine;

namespace ParallelR1.Cli.Commands;

/// <summary><c>data</c>: problem sets and examples.</summary>
internal static class DataCommand
{
    public static Command Create() =>
        new("data", "Problem sets and examples: list, show, download, prepare, make, ask a teacher for, export.")
        {
            DataColdStartCommand.Create(),
            DataExportCommand.Create(),
            DataInspectCommand.Create(),
            DataListCommand.Create(),
            DataPrepareCommand.Create(),
            DataPullCommand.Create(),
            DataShowCommand.Create(),
            DataSynthCommand.Create(),
        };
}
