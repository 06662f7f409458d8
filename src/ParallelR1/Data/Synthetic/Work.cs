namespace ParallelR1.Data.Synthetic;

/// <summary>A calculation on paper: every operation is done here and leaves the line that says so.</summary>
internal sealed class Work(string name)
{
    private readonly List<string> _lines = [];

    public int Add(int a, int b) => Note(a, '+', b, a + b);

    public int Subtract(int a, int b) => Note(a, '-', b, a - b);

    public int Multiply(int a, int b) => Note(a, '*', b, a * b);

    public int Divide(int a, int b)
    {
        if (a % b != 0)
            throw new InvalidOperationException($"{a} is no multiple of {b}");
        return Note(a, '/', b, a / b);
    }

    /// <summary>Writes <paramref name="a"/> as a multiple of <paramref name="modulus"/> and a remainder, and returns the remainder.</summary>
    public int Remainder(int a, int modulus)
    {
        var (quotient, remainder) = Math.DivRem(a, modulus);
        _lines.Add($"{a}={quotient}*{modulus}+{remainder}");
        return remainder;
    }

    public SyntheticRoute Gives(int result) => new(name, _lines, result);

    private int Note(int a, char sign, int b, int result)
    {
        if (result < 0)
            throw new InvalidOperationException($"{a}{sign}{b} is negative");
        _lines.Add($"{a}{sign}{b}={result}");
        return result;
    }
}
