namespace ParallelR1.Data.ColdStart;

/// <summary>The answer part of a response of a reasoning model.</summary>
internal static class AnswerPart
{
    private static readonly string[] Names = ["think", "thinking"];

    /// <summary>
    /// Gets the text after the last <c>&lt;/think&gt;</c>, trimmed (the opening tag is often part of the prompt and so missing); the whole
    /// text if there are no such tags; an empty text if the reasoning was not closed.
    /// </summary>
    public static string Of(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var end = 0;
        foreach (var name in Names)
        {
            var close = $"</{name}>";
            var at = text.LastIndexOf(close, StringComparison.OrdinalIgnoreCase);
            end = Math.Max(end, at < 0 ? 0 : at + close.Length);
        }

        var rest = text[end..].Trim();
        return Names.Any(name => rest.StartsWith($"<{name}>", StringComparison.OrdinalIgnoreCase)) ? "" : rest;
    }
}
