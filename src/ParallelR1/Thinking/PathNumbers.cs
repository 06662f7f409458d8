using System.Collections.Concurrent;
using System.Globalization;
using System.Text;

namespace ParallelR1.Thinking;

/// <summary>
/// Encodes the ordinals of numbered paths: <c>&lt;Path&gt;</c> is followed by the path's ordinal within its block, from 1, and a line feed.
/// The engine injects both; none of these tokens carries loss.
/// </summary>
/// <example><c>&lt;Parallel&gt;&lt;Path&gt;1⏎41-12=29&lt;/Path&gt;&lt;Path&gt;2⏎41-5=36&lt;/Path&gt;&lt;/Parallel&gt;</c></example>
/// <remarks>
/// The separator is a line feed because byte-level tokenizers end a piece there: neither the digits before it nor the letters after it
/// merge with it, so that a path decoded after an injected ordinal has the same ids as its text encoded as a whole. (A colon would merge
/// with a line feed or letter after it.) A path's own text should not begin with white space.
/// </remarks>
/// <param name="encode">Returns the token ids of <see cref="Text"/> as it appears after <c>&lt;Path&gt;</c>.</param>
public sealed class PathNumbers(Func<string, int[]> encode)
{
    private readonly ConcurrentDictionary<int, int[]> _ids = [];

    /// <summary>Gets the text between <c>&lt;Path&gt;</c> and the path's own text.</summary>
    /// <param name="ordinal">Ordinal of the path within its block, from 1.</param>
    public static string Text(int ordinal) => string.Create(CultureInfo.InvariantCulture, $"{ordinal}\n");

    /// <summary>Finds the ordinals in a response given as text: those that equal <see cref="Text"/> for their path.</summary>
    /// <param name="response">The response, with its tags.</param>
    /// <returns>For each ordinal found: the index of its first character, its length in characters, and the ordinal.</returns>
    public static IEnumerable<(int Start, int Length, int Ordinal)> Find(string response)
    {
        foreach (var (start, ordinal) in Paths(response))
        {
            var text = Text(ordinal);
            if (string.CompareOrdinal(response, start, text, 0, text.Length) == 0)
                yield return (start, text.Length, ordinal);
        }
    }

    /// <summary>Inserts every path's ordinal before its text.</summary>
    /// <param name="response">The response, with its tags.</param>
    /// <returns>The response with ordinals.</returns>
    public static string Insert(string response)
    {
        ArgumentNullException.ThrowIfNull(response);
        var result = new StringBuilder();
        var from = 0;
        foreach (var (start, ordinal) in Paths(response))
        {
            result.Append(response, from, start - from).Append(Text(ordinal));
            from = start;
        }

        return result.Append(response, from, response.Length - from).ToString();
    }

    /// <summary>Removes the ordinals of a response's paths, for measures of how much paths differ.</summary>
    /// <param name="response">The response, with its tags.</param>
    /// <returns>The response without ordinals.</returns>
    public static string Remove(string response)
    {
        ArgumentNullException.ThrowIfNull(response);
        var result = new StringBuilder();
        var from = 0;
        foreach (var (start, length, _) in Find(response))
        {
            result.Append(response, from, start - from);
            from = start + length;
        }

        return result.Append(response, from, response.Length - from).ToString();
    }

    /// <summary>Gets the token ids between <c>&lt;Path&gt;</c> and the path's own text.</summary>
    /// <param name="ordinal">Ordinal of the path within its block, from 1.</param>
    public ReadOnlySpan<int> Ids(int ordinal) => _ids.GetOrAdd(ordinal, i => encode(Text(i)));

    /// <summary>Gets, for each path of a block, the index of the first character of its text, and its ordinal.</summary>
    private static IEnumerable<(int Start, int Ordinal)> Paths(string response)
    {
        var blocks = new Stack<int>();
        foreach (var (tag, start) in TagScanner.Locate(response))
        {
            if (tag == ThinkingTag.ParallelOpen)
                blocks.Push(0);
            else if (tag == ThinkingTag.ParallelClose)
                blocks.TryPop(out _);
            if (tag != ThinkingTag.PathOpen || !blocks.TryPop(out var paths))
                continue;
            blocks.Push(paths + 1);
            yield return (start + tag.Text().Length, paths + 1);
        }
    }
}
