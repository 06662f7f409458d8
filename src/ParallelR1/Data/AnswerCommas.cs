using System.Text;
using System.Text.RegularExpressions;

namespace ParallelR1.Data;

/// <summary>Removes thousands separators from the numbers of an answer, and leaves commas that separate values.</summary>
internal static partial class AnswerCommas
{
    /// <summary>Removes thousands separators: <c>1,080</c> becomes <c>1080</c>; <c>(3, 4)</c>, <c>1, 2, 3</c>, <c>1,2,3</c> and <c>(100,200)</c> stay as they are.</summary>
    public static string Strip(string answer)
    {
        if (!answer.Contains(',', StringComparison.Ordinal))
            return answer;
        var text = new StringBuilder(answer.Length);
        var (depth, start) = (0, 0);
        for (var i = 0; i < answer.Length; i++)
        {
            var step = answer[i] switch
            {
                '(' or '[' => 1,
                ')' or ']' => -1,
                '{' when i > 0 && answer[i - 1] == '\\' => 1,
                '}' when i > 0 && answer[i - 1] == '\\' => -1,
                _ => 0,
            };
            if (step == 0)
                continue;
            Append(i);
            depth = Math.Max(0, depth + step);
            start = i;
        }

        Append(answer.Length);
        return text.ToString();

        // Within brackets (points, intervals, sets) a comma separates values, however many digits follow it.
        void Append(int end) => text.Append(depth > 0 ? answer[start..end] : Grouped().Replace(answer[start..end], Joined));
    }

    private static string Joined(Match number) => number.Value.Replace(",", "", StringComparison.Ordinal);

    // One to three digits followed by groups of three, not within a longer number.
    [GeneratedRegex(@"(?<![0-9][.,]?)[1-9][0-9]{0,2}(?:,[0-9]{3})+(?!,?[0-9])")]
    private static partial Regex Grouped();
}
