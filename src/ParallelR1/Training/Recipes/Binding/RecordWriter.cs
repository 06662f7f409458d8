using System.Collections;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace ParallelR1.Training.Recipes.Binding;

/// <summary>Writes option records as YAML in the order of their properties; reading the text gives the same values.</summary>
internal static partial class RecordWriter
{
    public static string Write(object record)
    {
        var text = new StringBuilder();
        WriteKeys(text, record, 0, "");
        return text.ToString();
    }

    public static void Flatten(object record, string path, IDictionary<string, string> values)
    {
        foreach (var key in RecipeKeys.Of(record.GetType()))
        {
            var value = key.Property.GetValue(record);
            if (key.Element is null && key.IsRecord)
            {
                if (value is not null)
                    Flatten(value, $"{path}{key.Name}.", values);
            }
            else
            {
                values[path + key.Name] = value is IList list ? $"[{string.Join(", ", list.Cast<object>().Select(Inline))}]" : Scalar(value);
            }
        }
    }

    private static string Inline(object item) => RecipeKey.IsRecordType(item.GetType())
        ? $"{{{string.Join(", ", RecipeKeys.Of(item.GetType()).Select(k => $"{k.Name}: {Scalar(k.Property.GetValue(item))}"))}}}"
        : Scalar(item);

    private static void WriteKeys(StringBuilder text, object record, int indent, string firstPrefix)
    {
        var prefix = firstPrefix;
        foreach (var key in RecipeKeys.Of(record.GetType()))
        {
            var value = key.Property.GetValue(record);
            if (value is null && key.IsRecord && key.Element is null)
                continue;
            text.Append(prefix.Length > 0 ? prefix : new string(' ', indent)).Append(key.Name).Append(':');
            prefix = "";
            WriteValue(text, value, indent);
        }
    }

    private static void WriteValue(StringBuilder text, object? value, int indent)
    {
        if (value is IList list && value is not string)
        {
            WriteList(text, list, indent + 2);
        }
        else if (value is not null && RecipeKey.IsRecordType(value.GetType()))
        {
            text.Append('\n');
            WriteKeys(text, value, indent + 2, "");
        }
        else
        {
            text.Append(' ').Append(Scalar(value)).Append('\n');
        }
    }

    private static void WriteList(StringBuilder text, IList list, int indent)
    {
        if (list.Count == 0 || !RecipeKey.IsRecordType(list[0]!.GetType()))
        {
            text.Append(" [").AppendJoin(", ", list.Cast<object>().Select(Scalar)).Append("]\n");
            return;
        }

        text.Append('\n');
        foreach (var item in list)
            WriteKeys(text, item!, indent + 2, new string(' ', indent) + "- ");
    }

    /// <summary>Formats one value as YAML.</summary>
    internal static string Scalar(object? value) => value switch
    {
        null => "null",
        bool b => b ? "true" : "false",
        double d => d.ToString("R", CultureInfo.InvariantCulture),
        Enum e => RecipeKeys.EnumText(e),
        string s => Text(s),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    private static string Text(string text) => PlainText().IsMatch(text) && !Reserved().IsMatch(text) ? text : Quote(text);

    private static string Quote(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (var c in text)
        {
            _ = c switch
            {
                '"' or '\\' => quoted.Append('\\').Append(c),
                '\n' => quoted.Append("\\n"),
                '\t' => quoted.Append("\\t"),
                < ' ' or (>= '\x7f' and <= '\xa0') or '\u2028' or '\u2029' or '\ufeff' or '\ufffe' or '\uffff' => quoted.Append($"\\u{(int)c:X4}"),
                _ => quoted.Append(c),
            };
        }

        return quoted.Append('"').ToString();
    }

    [GeneratedRegex(@"\A[A-Za-z_./][A-Za-z0-9_./-]*( [A-Za-z0-9_./()+-]+)*\z")]
    private static partial Regex PlainText();

    [GeneratedRegex(@"\A(null|true|false|yes|no|on|off|y|n|\.inf|\.nan)\z", RegexOptions.IgnoreCase)]
    private static partial Regex Reserved();
}
