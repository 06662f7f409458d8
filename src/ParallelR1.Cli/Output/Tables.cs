using Spectre.Console;

namespace ParallelR1.Cli.Output;

/// <summary>Writes tables to consoles of any width.</summary>
internal static class Tables
{
    private const int Unlimited = 10_000;

    /// <summary>Writes a table: wrapped to the width of a terminal, as wide as it is into a file or pipe, which has none.</summary>
    public static void WriteTable(this IAnsiConsole console, Table table)
    {
        var width = console.Profile.Width;
        if (!console.Profile.Out.IsTerminal)
            console.Profile.Width = Unlimited;
        console.Write(table);
        console.Profile.Width = width;
    }
}
