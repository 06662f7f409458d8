namespace ParallelR1.Data.ColdStart;

/// <summary>What a thinking model says after it has thought.</summary>
internal static class AnswerPart
{
    private static readonly string[] Names = ["think", "thinking"];

    /// <summary>
    /// The text behind the last <c>&lt;/think&gt;</c> (the opening tag is often part of the prompt and so missing), without white space around it;
    /// the whole text of a model that does not think aloud; nothing if the thinking never ended.
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
