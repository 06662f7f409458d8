namespace ParallelR1.Data.Synthetic;

/// <summary>A written calculation: every operation is computed here and appends its line.</summary>
internal sealed class Work(string name)
{
    private readonly List<string> _lines = [];

    public IReadOnlyList<string> Lines => _lines;

    public int Add(int a, int b) => Note(a, '+', b, a + b);

    public int Subtract(int a, int b) => Note(a, '-', b, a - b);

    public int Multiply(int a, int b) => Note(a, '*', b, a * b);

    public int Divide(int a, int b)
    {
        if (a % b != 0)
            throw new InvalidOperationException($"{a} is not a multiple of {b}");
        return Note(a, '/', b, a / b);
    }

    /// <summary>Appends the wanted result and the verdict to the last line.</summary>
    public bool Wanted(int result, int wanted)
    {
        _lines[^1] += $" want{wanted} {(result == wanted ? "yes" : "no")}";
        return result == wanted;
    }

    /// <summary>Appends the verdict to the last line.</summary>
    public bool Verdict(bool passes)
    {
        _lines[^1] += passes ? " yes" : " no";
        return passes;
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
