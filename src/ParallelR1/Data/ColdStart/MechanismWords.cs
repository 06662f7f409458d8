using System.Text.RegularExpressions;

namespace ParallelR1.Data.ColdStart;

/// <summary>
/// Phrases by which a text betrays its format. All patterns take linear time. Words that the problem itself uses (a path through a wood,
/// machines that work in parallel) are not held against the answer.
/// </summary>
internal static class MechanismWords
{
    private const string Kind = "(path|approach|method|way|route|reasoning|perspective|solution|strategy|calculation|option)";
    private const string Number = "([0-9]{1,2}|one|two|three|four|a|b|c|i|ii|iii|iv)";
    private const string Ordinal = "(first|second|third|fourth|1st|2nd|3rd|4th)";

    private static readonly Regex s_label = Pattern($@"^[\s*_#>-]*((in |using |for )?(the )?{Ordinal} (reasoning |independent )?{Kind}\b|((reasoning|independent|parallel|thinking) )?{Kind} #?{Number}\b ?[:.)*-]|(second|third|fourth|secondly|thirdly)\b)");
    private static readonly Regex s_reference = Pattern($@"(\b(the )?(other|previous|preceding|earlier|above|next|former|latter|parallel) (reasoning |independent )?{Kind}s?\b|\b(another|both|all|these|those) paths?\b|\bpath #?([0-9]{{1,2}}|one|two|three|four|b|c)\b|\b{Ordinal} path\b)");
    private static readonly Regex s_opening = Pattern(@"^[\s*_#>-]*(alternatively|another (way|approach|method|path|option)|on the other hand|in contrast|likewise|similarly)\b");
    private static readonly Regex s_parallelNoun = Pattern($@"\bparallel(ly)? (thinking|reason\w*|think|block|processing|explor\w*|analys\w+|verification|check\w*|calculation|computation|step|{Kind[1..^1]})(s|es)?\b");
    private static readonly Regex s_inParallel = Pattern(@"\bin parallel\b");
    private static readonly Regex s_paths = Pattern(@"\b(reasoning|independent|different|distinct|separate|multiple|several|two|three|following) (reasoning |independent |distinct |different |separate )*paths\b");
    private static readonly Regex s_format = Pattern(@"\b(path|summary|parallel) (tag|block)s?\b|\b(insert|open|start|begin|trigger|use|create|add)(s|ing|ed)? (a|the|another|one more) (parallel|block)\b");

    /// <summary>Whether a path bears a number or a place in an order.</summary>
    public static bool IsOrdered(string path) => s_label.IsMatch(path);

    /// <summary>Whether a path speaks of another.</summary>
    public static bool RefersToAnother(string path, string problem) =>
        s_opening.IsMatch(path) || (s_reference.IsMatch(s_label.Replace(path, "", 1)) && !Has(problem, "path") && !s_reference.IsMatch(problem));

    /// <summary>Whether the text outside of the paths announces blocks, or any text talks of thinking in parallel.</summary>
    /// <param name="main">Text outside of blocks and summaries.</param>
    /// <param name="all">The whole answer.</param>
    /// <param name="problem">The problem.</param>
    public static bool Announces(string main, string all, string problem) =>
        (s_parallelNoun.IsMatch(all) && !s_parallelNoun.IsMatch(problem))
        || (s_inParallel.IsMatch(all) && !s_inParallel.IsMatch(problem))
        || (s_paths.IsMatch(main) && !Has(problem, "path"))
        || (s_format.IsMatch(main) && !s_format.IsMatch(problem));

    private static bool Has(string text, string word) => text.Contains(word, StringComparison.OrdinalIgnoreCase);

    private static Regex Pattern(string pattern) =>
        new(pattern, RegexOptions.NonBacktracking | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture);
}
