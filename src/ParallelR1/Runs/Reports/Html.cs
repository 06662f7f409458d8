using System.Globalization;
using System.Text;

namespace ParallelR1.Runs.Reports;

/// <summary>Writes HTML with everything escaped that is not markup of ours.</summary>
internal sealed class Html
{
    private readonly StringBuilder _text = new();

    public Html Raw(string markup)
    {
        _text.Append(markup);
        return this;
    }

    /// <summary>Markup with escaped values in it.</summary>
    public Html Add(FormattableString markup)
    {
        var values = markup.GetArguments().Select(a => (object)Escape(Text(a))).ToArray();
        _text.AppendFormat(CultureInfo.InvariantCulture, markup.Format, values);
        return this;
    }

    public override string ToString() => _text.ToString();

    public static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            _ = c switch
            {
                '&' => escaped.Append("&amp;"),
                '<' => escaped.Append("&lt;"),
                '>' => escaped.Append("&gt;"),
                '"' => escaped.Append("&quot;"),
                '\'' => escaped.Append("&#39;"),
                < ' ' and not '\n' and not '\t' => escaped.Append('\ufffd'),
                _ => escaped.Append(c),
            };
        }

        return escaped.ToString();
    }

    private static string Text(object? value) => value switch
    {
        double d => Math.Round(d, 2).ToString("0.##", CultureInfo.InvariantCulture),
        null => "",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };
}
