using Spectre.Console;
using Spectre.Console.Rendering;

namespace ParallelR1.Tests.Cli.Output;

/// <summary>A console of a given width that writes into memory.</summary>
internal sealed class TextConsole
{
    private readonly StringWriter _text = new();

    public TextConsole(int width, bool live = false)
    {
        Console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = live ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Interactive = live ? InteractionSupport.Yes : InteractionSupport.No,
            Out = new AnsiConsoleOutput(_text),
        });
        Console.Profile.Width = width;
        Console.Profile.Height = 40;
    }

    public IAnsiConsole Console { get; }

    public string Text => _text.ToString();

    public string[] Lines => [.. Text.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n').Select(line => line.TrimEnd())];

    public static string[] Draw(IRenderable drawing, int width)
    {
        var console = new TextConsole(width);
        console.Console.Write(drawing);
        return console.Lines;
    }
}
