using System.Globalization;
using System.Text;

namespace ParallelR1.Tokenization;

/// <summary>A set of code points: ranges, Unicode categories, white space and other sets, possibly negated.</summary>
internal sealed class RegexSet
{
    private readonly List<(int First, int Last)> _ranges = [];
    private readonly List<RegexSet> _sets = [];
    private uint _categories;
    private bool _space;

    /// <summary>Whether the set is negated.</summary>
    public bool Negated { get; set; }

    /// <summary>Whether letters match regardless of case.</summary>
    public bool IgnoreCase { get; set; }

    public void AddRange(int first, int last) => _ranges.Add((first, last));

    public void AddCategories(uint mask) => _categories |= mask;

    public void AddSpace() => _space = true;

    public void AddSet(RegexSet set) => _sets.Add(set);

    public bool Contains(int point)
    {
        if (!IgnoreCase)
            return Holds(point) != Negated;
        var found = Holds(point);
        foreach (var other in CaseVariants(point))
            found |= Holds(other);
        return found != Negated;
    }

    private bool Holds(int point)
    {
        foreach (var (first, last) in _ranges)
        {
            if (point >= first && point <= last)
                return true;
        }

        if (_space && point < 0x10000 && char.IsWhiteSpace((char)point))
            return true;
        if (_categories != 0 && (_categories >> (int)CharUnicodeInfo.GetUnicodeCategory(point) & 1) != 0)
            return true;
        foreach (var set in _sets)
        {
            if (set.Contains(point))
                return true;
        }

        return false;
    }

    /// <summary>Applies simple case folding; the long s and the Kelvin sign fold to ASCII letters.</summary>
    private static int[] CaseVariants(int point)
    {
        var rune = Rune.IsValid(point) ? new Rune(point) : Rune.ReplacementChar;
        return point switch
        {
            's' or 'S' or 0x17F => ['s', 'S', 0x17F],
            'k' or 'K' or 0x212A => ['k', 'K', 0x212A],
            _ => [Rune.ToLowerInvariant(rune).Value, Rune.ToUpperInvariant(rune).Value],
        };
    }
}
