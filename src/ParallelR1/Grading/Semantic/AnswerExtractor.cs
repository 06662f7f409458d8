namespace ParallelR1.Grading.Semantic;

/// <summary>
/// Finds the answer in a response: the last <c>Final Answer:</c> line; without one the last <c>\boxed{}</c>;
/// then the last phrase such as "the answer is"; then the last formula or number.
/// </summary>
internal static class AnswerExtractor
{
    private const int MaximumLines = 24;
    private const int MaximumBoxes = 16;
    private const int MaximumBox = 20_000;
    private const int MaximumPhrases = 16;
    private const int MaximumRemark = 60;

    private static readonly string[] Phrases = ["answer is", "answers are", "answer:", "answer =", "answer would be", "####", "result is", "option is", "choice is", "ans:", "ans =", "ans is", "we conclude that"];

    public static (string? Text, AnswerSource Source) Extract(string response)
    {
        if (FinalAnswer(response) is { } line)
            return (Clean(line), AnswerSource.FinalAnswerLine);
        if (Boxed(response) is { } boxed)
            return (boxed.Trim(), AnswerSource.Boxed);
        if (Phrase(response) is { } phrase)
            return (phrase, AnswerSource.Phrase);
        return LastValue.Find(response) is { } number ? (number, AnswerSource.LastNumber) : (null, AnswerSource.None);
    }

    /// <summary>Without bold print, code marks and white space at both ends.</summary>
    public static string Clean(string text) => text.Trim().Trim('*', '`', '_', '#', ' ', '\u200b', '\ufeff', '\u2060', '\u200c', '\u200d', '\t', '\r', '\n');

    /// <summary>The rest of the last answer line, or the line after it where the rest is empty; null without such a line.</summary>
    private static string? FinalAnswer(string text)
    {
        const string Marker = "final answer";
        for (var at = text.Length; at > 0;)
        {
            at = text.LastIndexOf(Marker, at - 1, StringComparison.OrdinalIgnoreCase);
            if (at < 0)
                return null;
            var i = SkipRemark(text, SkipMarks(text, at + Marker.Length));
            if (i < text.Length && (text[i] is ':' or '：' || (text[i] is '=' or '-' or '–' or '—' && i + 1 < text.Length && text[i + 1] == ' ')))
                return Line(text, SkipMarks(text, i + 1));
            if (IsHeading(text, at, i))
                return Line(text, i);
        }

        return null;
    }

    private static int SkipMarks(string text, int i)
    {
        while (i < text.Length && text[i] is '*' or '_' or ' ' or '\t')
            i++;
        return i;
    }

    /// <summary>The index behind words in brackets, where the sign of an answer line follows them: "Final Answer (in metres): 5".</summary>
    private static int SkipRemark(string text, int i)
    {
        if (i >= text.Length || text[i] != '(')
            return i;
        var close = text.IndexOf(')', i);
        if (close < 0 || close - i > MaximumRemark || text.AsSpan(i, close - i).Contains('\n'))
            return i;
        var next = SkipMarks(text, close + 1);
        return next < text.Length && text[next] is ':' or '：' or '=' or '\n' ? next : i;
    }

    /// <summary>Whether the marker stands alone on its line, as a heading does, with something after it.</summary>
    private static bool IsHeading(string text, int start, int end)
    {
        if (end >= text.Length || text[end] is not ('\n' or '\r'))
            return false;
        for (var i = start - 1; i >= 0 && text[i] != '\n'; i--)
        {
            if (text[i] is not ('*' or '#' or '_' or ' '))
                return false;
        }

        return true;
    }

    private static string Line(string text, int start)
    {
        var i = SkipSpace(text, start);
        while (i > start && i < text.Length && text[(start > 0 ? start - 1 : 0)..i].Contains('\n') && (text[i] == '>' || text.AsSpan(i).StartsWith("```")))
            i = SkipSpace(text, text[i] == '>' ? i + 1 : LineEnd(text, i));
        var end = LineEnd(text, i);
        for (var lines = 1; lines < MaximumLines && end < text.Length && IsOpen(text.AsSpan(i, end - i)); lines++)
            end = LineEnd(text, end + 1);
        return text[i..end];
    }

    private static int SkipSpace(string text, int i)
    {
        while (i < text.Length && (char.IsWhiteSpace(text[i]) || text[i] == '*'))
            i++;
        return i;
    }

    private static int LineEnd(string text, int start)
    {
        var end = start < text.Length ? text.IndexOf('\n', start) : -1;
        return end < 0 ? text.Length : end;
    }

    /// <summary>Whether a formula or an environment begins in the line and ends in a later one.</summary>
    private static bool IsOpen(ReadOnlySpan<char> line)
    {
        var trimmed = line.Trim();
        if (trimmed is "$$" or "\\[" or "\\boxed{" or "\\(")
            return true;
        if (line.Length > 4000 || line.IndexOf('\\') < 0)
            return false;
        if (line.Count('{') > line.Count('}') && line.Count('$') % 2 == 1)
            return true;
        var begins = line.Count("\\begin{");
        return (begins > 0 && begins > line.Count("\\end{")) || line.Count("\\[") > line.Count("\\]");
    }

    /// <summary>What the last closed box holds; empty boxes do not count.</summary>
    public static string? Boxed(string text)
    {
        var at = text.Length;
        for (var tries = 0; tries < MaximumBoxes && at > 0; tries++)
        {
            at = text.LastIndexOf("\\boxed", at - 1, StringComparison.Ordinal);
            if (at < 0)
                return null;
            var open = at + 6;
            while (open < text.Length && text[open] == ' ')
                open++;
            if (open < text.Length && text[open] == '{' && Close(text, open) is > 0 and var close && !text.AsSpan(open + 1, close - open - 1).IsWhiteSpace())
                return text[(open + 1)..close];
        }

        return null;
    }

    private static int Close(string text, int open)
    {
        var depth = 0;
        for (var i = open; i < Math.Min(text.Length, open + MaximumBox); i++)
        {
            if (text[i] == '\\')
                i++;
            else if (text[i] == '{')
                depth++;
            else if (text[i] == '}' && --depth == 0)
                return i;
        }

        return -1;
    }

    /// <summary>What follows the last phrase that a value follows; <c>####</c> counts before the others.</summary>
    private static string? Phrase(string text)
    {
        if (Behind(text, text.LastIndexOf("####", StringComparison.Ordinal), 4) is { } marked)
            return marked;
        string? words = null;
        for (int tries = 0, end = text.Length; tries < MaximumPhrases && end > 0; tries++)
        {
            int best = -1, width = 0;
            foreach (var phrase in Phrases)
            {
                var at = text.LastIndexOf(phrase, end - 1, StringComparison.OrdinalIgnoreCase);
                if (at > best)
                    (best, width) = (at, phrase.Length);
            }

            if (best < 0)
                break;
            var found = Behind(text, best, width);
            if (found is not null && NamesValue(found))
                return BeforeDenies(text, best) ? text[SentenceStart(text, best)..(text.IndexOf(found, best, StringComparison.Ordinal) + found.Length)] : found;
            words ??= found is not null && !IsAssessment(found) ? found : null;
            end = best;
        }

        return words;
    }

    private static int SentenceStart(string text, int at)
    {
        var start = at > 0 ? text.LastIndexOfAny(['.', '\n', '!', '?', ':'], at - 1) + 1 : 0;
        while (start < at && char.IsWhiteSpace(text[start]))
            start++;
        return start;
    }

    /// <summary>Whether the sentence denies in its beginning what its phrase says ("It would be a mistake to think that the answer is 24").</summary>
    private static bool BeforeDenies(string text, int at)
    {
        var start = SentenceStart(text, at);
        if (at - start is 0 or > MaximumRemark * 2)
            return false;
        // Only what "that" joins is denied; a comma ends the denial.
        var before = text[start..at].TrimEnd();
        if (before.Contains(',', StringComparison.Ordinal) || !before.Contains("that", StringComparison.OrdinalIgnoreCase))
            return before.Contains("whether", StringComparison.OrdinalIgnoreCase);
        return Array.Exists(before.Split(' '), w => w.ToLowerInvariant() is "mistake" or "mistaken" or "wrong" or "not" or "false" or "incorrect" or "doubt" or "tempting"
            or "never" or "error" or "deny" or "unlikely" or "impossible" or "cannot" or "no" || w.EndsWith("n't", StringComparison.Ordinal));
    }

    private static string? Behind(string text, int at, int width)
    {
        if (at < 0)
            return null;
        var start = SkipMarks(text, at + width);
        if (start < text.Length && text[start] is ':' or '=')
            start = SkipMarks(text, start + 1);
        var sentence = Line(text, start);
        var found = Clean(sentence[..SentenceEnd(sentence)]);
        return found.Any(char.IsLetterOrDigit) ? found : null;
    }

    /// <summary>Whether there is a number, a formula, or a letter of a choice.</summary>
    private static bool NamesValue(string sentence)
    {
        for (var i = 0; i < sentence.Length; i++)
        {
            var c = sentence[i];
            if (char.IsDigit(c) || c is '$' or '\\' or '∞' or 'π' or '½' or '√')
                return true;
            if (char.IsAsciiLetterUpper(c) && c != 'I' && (i == 0 || !char.IsLetter(sentence[i - 1])) && (i + 1 == sentence.Length || !char.IsLetter(sentence[i + 1])))
                return true;
        }

        return false;
    }

    /// <summary>Whether the words only say how good an answer is.</summary>
    private static bool IsAssessment(string sentence)
    {
        var first = sentence.Split(' ', ',', '.', ';', '!')[0].ToLowerInvariant();
        return first is "correct" or "right" or "exact" or "plausible" or "reasonable" or "consistent" or "verified" or "confirmed" or "clear" or "obvious" or "as"
            or "indeed" or "therefore"
            or "what" or "given" or "valid" or "sensible" or "fine" or "good" or "in" or "simply" or "thus" or "also" or "now" or "found" or "obtained" or "checked"
                or "true" or "unique" or "small" or "large"
            or "an" or "easy" or "simple" or "well" or "accurate" or "complete" or "final" or "boxed" or "below" or "above" or "of" or "to" or "not" or "wrong" or "incorrect";
    }

    /// <summary>A full stop before white space ends a sentence, except after a single letter ("p.m. ").</summary>
    private static int SentenceEnd(string text)
    {
        for (var i = 1; i + 1 < text.Length; i++)
        {
            if (text[i] == '.' && char.IsWhiteSpace(text[i + 1]) && !(char.IsLetter(text[i - 1]) && i >= 2 && text[i - 2] == '.'))
                return i;
        }

        return text.Length;
    }
}
