using System.Text.RegularExpressions;

namespace ParallelR1.Evaluation;

/// <summary>
/// What a block is for. It <em>verifies</em> where the answer that the response ends with already stands on the main line before it, as a result: behind an equals sign,
/// behind a word that states it, or in a sentence that concludes ("so", "therefore"). Else it <em>searches</em>. A number that only occurs (an operand, a bound of a range) is no result.
/// </summary>
/// <example><code>
/// 7*7=49 … so 28 &lt;Parallel&gt;…&lt;/Summary&gt; Final Answer: 28      verifies
/// 2-4, 5-7, 8-10 &lt;Parallel&gt;…&lt;/Summary&gt;     Final Answer: 4       searches
/// </code></example>
internal static partial class BlockUse
{
    private const string Marker = "Final Answer:";

    /// <summary>Says whether a block verifies.</summary>
    /// <param name="before">The main line before the block: without paths, with summaries.</param>
    /// <param name="response">The whole response; without a <c>Final Answer:</c> line its blocks search.</param>
    public static bool Verifies(string before, string response) =>
        FinalAnswer(response) is { } answer
        && (Results().Matches(before).Any(result => Plain(result.Groups["value"].Value) == answer)
            || Conclusions().Matches(before).Any(conclusion => conclusion.Value.Split((char[]?)null).Any(word => Plain(word) == answer)));

    private static string? FinalAnswer(string response)
    {
        var start = response.LastIndexOf(Marker, StringComparison.Ordinal);
        var answer = start < 0 ? "" : Plain(response[(start + Marker.Length)..].TrimStart().Split('\n')[0]);
        return answer.Length > 0 ? answer : null;
    }

    // Without what decorates a value: currency, mathematical mode, a full stop.
    private static string Plain(string value) => Decoration().Replace(value, "").TrimEnd('.', ',', ':', ';');

    // The value is only looked at: the next one may begin within it ("the total is 20").
    [GeneratedRegex(@"(?:=\s*|\b(?:is|equals|gives?|total(?: of)?|answer:?)\s+)(?=\**(?<value>[^\s=]+)(?:\s|$))", RegexOptions.CultureInvariant)]
    private static partial Regex Results();

    // To the end of the sentence or line.
    [GeneratedRegex(@"\b(?:so|thus|hence|therefore)\b(?:(?!\.\s)[^\n])*", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Conclusions();

    [GeneratedRegex(@"\\boxed\{|[$*{}\s]|\\[()\[\]]")]
    private static partial Regex Decoration();
}
