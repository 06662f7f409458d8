using System.Text;

namespace ParallelR1.Tokenization;

/// <summary>Unicode normalisation (Standard Annex 15): decomposes, orders the marks, composes. Linear time except for sorting runs of marks.</summary>
internal static class CanonicalForm
{
    private const int SyllableBase = 0xAC00, LeadBase = 0x1100, VowelBase = 0x1161, TailBase = 0x11A7;
    private const int Leads = 19, Vowels = 21, Tails = 28, Syllables = Leads * Vowels * Tails;

    public static string Convert(string text, bool compose)
    {
        var points = new List<int>(text.Length);
        Span<int> stack = stackalloc int[8];
        foreach (var rune in text.EnumerateRunes())
            Decompose(rune.Value, points, stack);
        Order(points);
        if (compose)
            Compose(points);
        var result = new StringBuilder(points.Count);
        Span<char> units = stackalloc char[2];
        foreach (var point in points)
            result.Append(units[..new Rune(point).EncodeToUtf16(units)]);
        return result.ToString();
    }

    private static void Decompose(int point, List<int> output, Span<int> stack)
    {
        var depth = 0;
        stack[depth++] = point;
        while (depth > 0)
        {
            point = stack[--depth];
            var syllable = point - SyllableBase;
            if (syllable is >= 0 and < Syllables)
            {
                output.Add(LeadBase + syllable / (Vowels * Tails));
                output.Add(VowelBase + syllable % (Vowels * Tails) / Tails);
                if (syllable % Tails > 0)
                    output.Add(TailBase + syllable % Tails);
            }
            else if (CanonicalData.TryDecompose(point, out var first, out var second))
            {
                if (second >= 0)
                    stack[depth++] = second;
                stack[depth++] = first;
            }
            else
            {
                output.Add(point);
            }
        }
    }

    private static void Order(List<int> points)
    {
        for (var i = 0; i < points.Count;)
        {
            var start = i;
            while (i < points.Count && CanonicalData.CombiningClass(points[i]) != 0)
                i++;
            if (i - start > 1)
            {
                // OrderBy is stable: marks of one class keep their order.
                var sorted = points.GetRange(start, i - start).OrderBy(CanonicalData.CombiningClass).ToArray();
                for (var k = 0; k < sorted.Length; k++)
                    points[start + k] = sorted[k];
            }

            i = Math.Max(i, start + 1);
        }
    }

    private static void Compose(List<int> points)
    {
        int starter = -1, lastClass = -1, written = 0;
        for (var i = 0; i < points.Count; i++)
        {
            var point = points[i];
            var combining = CanonicalData.CombiningClass(point);
            // Blocked by a mark of the same or a higher class, or by a starter in between.
            if (starter >= 0 && lastClass < combining && TryPair(points[starter], point, out var pair))
            {
                points[starter] = pair;
                continue;
            }

            if (combining == 0)
                (starter, lastClass) = (written, -1);
            else
                lastClass = combining;
            points[written++] = point;
        }

        points.RemoveRange(written, points.Count - written);
    }

    private static bool TryPair(int first, int second, out int pair)
    {
        int lead = first - LeadBase, vowel = second - VowelBase;
        if (lead is >= 0 and < Leads && vowel is >= 0 and < Vowels)
        {
            pair = SyllableBase + (lead * Vowels + vowel) * Tails;
            return true;
        }

        int syllable = first - SyllableBase, tail = second - TailBase;
        if (syllable is >= 0 and < Syllables && syllable % Tails == 0 && tail is > 0 and < Tails)
        {
            pair = first + tail;
            return true;
        }

        return CanonicalData.TryCompose(first, second, out pair);
    }
}
