using System.Globalization;
using System.Text;

namespace ParallelR1.Tests.Parity;

/// <summary>Collects what differs over many cases; the message names the first few with their first difference.</summary>
internal sealed class CaseFailures
{
    private const int Shown = 12;
    private readonly StringBuilder _message = new();
    private int _count;

    public string Case { get; set; } = "";

    public void Compare(string what, string expected, string actual)
    {
        if (!string.Equals(expected, actual, StringComparison.Ordinal))
            Compare(what, expected.Select(c => c < 127 ? $"{c}" : $"\\u{(int)c:X4}"), actual.Select(c => c < 127 ? $"{c}" : $"\\u{(int)c:X4}"));
    }

    public void Compare<T>(string what, IEnumerable<T> expected, IEnumerable<T> actual)
    {
        T[] want = [.. expected], have = [.. actual];
        if (want.SequenceEqual(have) || _count++ >= Shown)
            return;
        var at = want.Zip(have).TakeWhile(p => Equals(p.First, p.Second)).Count();
        _message.AppendLine(CultureInfo.InvariantCulture,
            $"{Case}: {what} differs at {at}: expected [{Window(want, at)}], found [{Window(have, at)}]");
    }

    public void Assert() => Xunit.Assert.True(_count == 0, $"{_count} differences, the first:\n{_message}");

    private static string Window<T>(T[] values, int at) => string.Join(' ', values.Skip(Math.Max(0, at - 6)).Take(20));
}
