using System.Text;
using ParallelR1.Thinking;

namespace ParallelR1.Data.ColdStart;

/// <summary>The blocks of an answer and the text around them. Exact for text that both validators accept; best effort for any other.</summary>
internal sealed class ExampleText
{
    private readonly List<ExampleBlock> _blocks = [];
    private readonly StringBuilder _main = new();

    private ExampleText()
    {
    }

    public IReadOnlyList<ExampleBlock> Blocks => _blocks;

    /// <summary>Gets the text outside blocks and summaries.</summary>
    public string Main => _main.ToString();

    public bool IsNested { get; private set; }

    public bool HasStrayText { get; private set; }

    public bool HasSummaryApart { get; private set; }

    public static ExampleText Read(string text)
    {
        var example = new ExampleText();
        List<string>? paths = null;
        var (before, inPath, inSummary, start) = (0, false, false, 0);
        ThinkingTag? last = null;
        foreach (var (tag, at) in TagScanner.Locate(text))
        {
            var between = text[before..at];
            switch (tag)
            {
                case ThinkingTag.ParallelOpen:
                    example.IsNested |= paths is not null || inSummary;
                    example._main.Append(between).Append('\n');
                    (paths, start) = ([], at);
                    break;
                case ThinkingTag.PathOpen:
                    example.IsNested |= paths is null || inPath;
                    example.HasStrayText |= paths is not null && !string.IsNullOrWhiteSpace(between);
                    inPath = true;
                    break;
                case ThinkingTag.PathClose:
                    paths?.Add(between);
                    inPath = false;
                    break;
                case ThinkingTag.ParallelClose:
                    example.HasStrayText |= !string.IsNullOrWhiteSpace(between);
                    example._blocks.Add(new ExampleBlock(start, paths ?? []));
                    paths = null;
                    break;
                case ThinkingTag.SummaryOpen:
                    example.IsNested |= paths is not null;
                    example.HasSummaryApart |= last != ThinkingTag.ParallelClose || !string.IsNullOrWhiteSpace(between);
                    inSummary = true;
                    break;
                case ThinkingTag.SummaryClose:
                    if (example._blocks.Count > 0)
                        example._blocks[^1].Summary = between;
                    inSummary = false;
                    break;
            }

            (last, before) = (tag, at + tag.Text().Length);
        }

        example._main.Append(text, before, text.Length - before);
        return example;
    }
}

/// <summary>A block of an answer: the texts of its paths and summary.</summary>
internal sealed record ExampleBlock(int Start, IReadOnlyList<string> Paths)
{
    public string Summary { get; set; } = "";
}
