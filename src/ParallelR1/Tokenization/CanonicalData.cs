using System.Globalization;

namespace ParallelR1.Tokenization;

/// <summary>Combining classes and canonical decompositions, from the embedded table.</summary>
internal static class CanonicalData
{
    private static readonly Dictionary<int, byte> s_classes = [];
    private static readonly Dictionary<int, (int First, int Second)> s_decompositions = [];
    private static readonly Dictionary<(int First, int Second), int> s_compositions = [];

    static CanonicalData()
    {
        using var reader = new StreamReader(typeof(CanonicalData).Assembly.GetManifestResourceStream("canonical.txt")!);
        while (reader.ReadLine() is { } line)
            Add(line.Split(' '));
    }

    /// <summary>Gets the canonical combining class; 0 for starters.</summary>
    public static int CombiningClass(int point) => point < 0x300 ? 0 : s_classes.GetValueOrDefault(point);

    /// <summary>Makes one step of canonical decomposition; <paramref name="second"/> is −1 for a singleton.</summary>
    public static bool TryDecompose(int point, out int first, out int second)
    {
        var found = s_decompositions.TryGetValue(point, out var parts);
        (first, second) = parts;
        return found;
    }

    /// <summary>Gets the character that a pair composes to.</summary>
    public static bool TryCompose(int first, int second, out int point) => s_compositions.TryGetValue((first, second), out point);

    private static void Add(string[] fields)
    {
        switch (fields[0])
        {
            case "c":
                for (int point = Hex(fields[1]), last = Hex(fields[2]); point <= last; point++)
                    s_classes[point] = byte.Parse(fields[3], CultureInfo.InvariantCulture);
                break;
            case "p":
                s_compositions[(Hex(fields[2]), Hex(fields[3]))] = Hex(fields[1]);
                goto case "d";
            case "d":
                s_decompositions[Hex(fields[1])] = (Hex(fields[2]), fields.Length > 3 ? Hex(fields[3]) : -1);
                break;
            default:
                break;
        }
    }

    private static int Hex(string digits) => int.Parse(digits, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
