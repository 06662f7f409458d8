using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.RegularExpressions;

namespace ParallelR1.Cli;

/// <summary>What is said about arguments that cannot be read: what was found, the nearest name, and what there is.</summary>
internal static partial class UsageHelp
{
    public static void Write(ParseResult parsed, TextWriter writer)
    {
        var command = parsed.CommandResult.Command;
        if (command.Subcommands.Count > 0 && parsed.Errors.Count > 0)
            WriteCommands(command, Name(parsed.CommandResult), parsed.UnmatchedTokens is [var first, ..] ? first : null, writer);
        else
            WriteErrors(parsed, writer);
    }

    /// <summary>
    /// A misspelt option that was read as the value of the option before it, or as one more of several values: what is to be said; null where
    /// there is none. Nobody means it, and a command that continues does something else than it was asked.
    /// </summary>
    public static string? Swallowed(ParseResult parsed, IEnumerable<string> arguments)
    {
        var command = parsed.CommandResult;
        List<string> known = [.. command.Command.Options.Concat(Above(command)).SelectMany(o => o.Aliases.Prepend(o.Name))];
        var swallowed = arguments.TakeWhile(argument => argument != "--").Where(argument => OptionPattern().IsMatch(argument))
            .Select(argument => argument.Split('=')[0]).FirstOrDefault(name => !known.Contains(name));
        return swallowed is null
            ? null
            : $"{Name(command)} has no option '{swallowed}'{Suggestion(swallowed, known)} (A value that begins with -- is joined to its option: --option={swallowed})";
    }

    private static void WriteCommands(Command command, string name, string? unknown, TextWriter writer)
    {
        var known = command.Subcommands.Where(c => !c.Hidden).OrderBy(c => c.Name, StringComparer.Ordinal).ToList();
        if (unknown is null)
            writer.WriteLine(command.Description);
        else if (unknown.StartsWith('-'))
            writer.WriteLine($"{name} has no option '{unknown}'{Suggestion(unknown, Options(command))}");
        else
            writer.WriteLine($"there is no command '{name} {unknown}'{Suggestion(unknown, known)}");
        writer.WriteLine();
        writer.WriteLine("Commands:");
        var width = known.Max(c => c.Name.Length);
        foreach (var child in known)
            writer.WriteLine($"  {child.Name.PadRight(width)}  {Summary(child)}");
        writer.WriteLine();
        writer.WriteLine($"{name} COMMAND --help gives the arguments of one, and an example.");
    }

    private static void WriteErrors(ParseResult parsed, TextWriter writer)
    {
        var command = parsed.CommandResult;
        foreach (var error in parsed.Errors)
        {
            var unknown = parsed.UnmatchedTokens.FirstOrDefault(token => token.StartsWith('-') && error.Message.Contains($"'{token}'", StringComparison.Ordinal));
            writer.WriteLine(unknown is null
                ? error.Message
                : $"{Name(command)} has no option '{unknown.Split('=')[0]}'{Suggestion(unknown.Split('=')[0], command.Command.Options.Concat(Above(command)).Select(o => o.Name))}");
        }

        writer.WriteLine($"See {Name(command)} --help for the arguments.");
    }

    private static string Suggestion(string written, IEnumerable<string> names) => NearestName.Find(written, names) is { } name ? $"; did you mean '{name}'?" : "";

    /// <summary>A command of that name further down, else the nearest here.</summary>
    private static string Suggestion(string written, List<Command> known)
    {
        var below = known.SelectMany(c => c.Subcommands.Where(s => s.Name == written).Select(s => $"'{c.Name} {s.Name}'")).ToList();
        return below.Count > 0 ? $"; did you mean {string.Join(" or ", below)}?" : Suggestion(written, known.Select(c => c.Name));
    }

    private static IEnumerable<string> Options(Command command) => command.Options.Select(o => o.Name);

    private static IEnumerable<Option> Above(SymbolResult result)
    {
        for (var parent = result.Parent; parent is not null; parent = parent.Parent)
        {
            foreach (var option in parent is CommandResult above ? above.Command.Options.Where(o => o.Recursive) : [])
                yield return option;
        }
    }

    [GeneratedRegex(@"\A--[a-z][a-z0-9-]*(=.*)?\z", RegexOptions.Singleline)]
    private static partial Regex OptionPattern();

    private static string Name(CommandResult result) => result.Parent is CommandResult parent ? $"{Name(parent)} {result.Command.Name}" : "parallel-r1";

    /// <summary>The first sentence of a description, without the example.</summary>
    private static string Summary(Command command)
    {
        var text = (command.Description ?? "").Split('\n')[0];
        var end = text.IndexOf(". ", StringComparison.Ordinal);
        return end < 0 ? text : text[..(end + 1)];
    }
}
