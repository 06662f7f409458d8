using System.Buffers;

namespace ParallelR1.Tokenization;

/// <summary>
/// A regular expression of a Split step: the subset of Oniguruma's syntax that tokenizers use, matched over code points with a bounded number
/// of steps. .NET's own regular expressions match UTF-16 code units, and do not recognise letters outside the basic plane.
/// </summary>
/// <remarks>
/// A backtracking machine with an explicit stack. The number of steps is bounded by the length of the text, so a pattern with catastrophic
/// backtracking is an error instead of a hang. Look-ahead is atomic: its alternatives are discarded once it has matched.
/// </remarks>
internal sealed class CodePointRegex : IPattern
{
    private const int StepsPerUnit = 256;
    private const int StepsAtLeast = 1 << 20;
    private const int MostWaiting = 1 << 24;

    private readonly string _pattern;
    private readonly RegexInstruction[] _program;

    /// <summary>Compiles a pattern.</summary>
    /// <exception cref="InputException">The pattern is malformed or uses an unsupported construct; the message names it.</exception>
    public CodePointRegex(string pattern)
    {
        _pattern = pattern;
        _program = RegexCompiler.Compile(pattern);
        CanBeEmpty = RegexCompiler.CanBeEmpty([.. _program[..^1]]);
    }

    /// <summary>Gets whether the pattern can match the empty text.</summary>
    public bool CanBeEmpty { get; }

    /// <exception cref="InputException">The pattern needs too many steps on this text.</exception>
    public bool Find(ReadOnlySpan<char> text, int from, out int start, out int end)
    {
        var steps = StepsAtLeast + (long)StepsPerUnit * (text.Length - from);
        for (start = from; start < text.Length; start += char.IsHighSurrogate(text[start]) && start + 1 < text.Length && char.IsLowSurrogate(text[start + 1]) ? 2 : 1)
        {
            end = Run(text, 0, start, ref steps);
            if (end >= 0)
                return true;
        }

        end = start;
        return false;
    }

    /// <summary>Gets the end of a match of the program from <paramref name="entry"/>; −1 if there is none.</summary>
    private int Run(ReadOnlySpan<char> text, int entry, int at, ref long steps)
    {
        var waiting = ArrayPool<(int Instruction, int At)>.Shared.Rent(64);
        var count = 0;
        var next = entry;
        try
        {
            while (true)
            {
                if (--steps < 0 || count > MostWaiting)
                    throw new InputException($"tokenizer.json: the pattern {_pattern} needs too many steps on this text; it backtracks without end");
                var instruction = _program[next];
                var matches = true;
                switch (instruction.Kind)
                {
                    case RegexInstructionKind.Match:
                        return at;
                    case RegexInstructionKind.Set:
                        matches = at < text.Length && instruction.Set!.Contains(CodePointAt(text, at, out var units)) && Advance(ref at, units);
                        next++;
                        break;
                    case RegexInstructionKind.Jump:
                        next = instruction.Target;
                        break;
                    case RegexInstructionKind.Split:
                        if (count == waiting.Length)
                            Grow(ref waiting);
                        waiting[count++] = (instruction.Other, at);
                        next = instruction.Target;
                        break;
                    case RegexInstructionKind.Start:
                        matches = at == 0 || (at < text.Length && text[at - 1] == '\n');
                        next++;
                        break;
                    case RegexInstructionKind.End:
                        matches = at == text.Length || text[at] == '\n';
                        next++;
                        break;
                    default:
                        // The depth is the nesting of look-aheads and atomic groups, which the compiler bounds.
                        var inner = Run(text, next + 1, at, ref steps);
                        matches = (inner >= 0) != instruction.Negated;
                        if (matches && instruction.Kind == RegexInstructionKind.Atomic)
                            at = inner;
                        next = instruction.Target;
                        break;
                }

                if (!matches)
                {
                    if (count == 0)
                        return -1;
                    (next, at) = waiting[--count];
                }
            }
        }
        finally
        {
            ArrayPool<(int, int)>.Shared.Return(waiting);
        }
    }

    private static bool Advance(ref int at, int units)
    {
        at += units;
        return true;
    }

    private static void Grow(ref (int, int)[] waiting)
    {
        var larger = ArrayPool<(int, int)>.Shared.Rent(waiting.Length * 2);
        waiting.CopyTo(larger, 0);
        ArrayPool<(int, int)>.Shared.Return(waiting);
        waiting = larger;
    }

    private static int CodePointAt(ReadOnlySpan<char> text, int at, out int units)
    {
        var unit = text[at];
        units = 1;
        if (!char.IsSurrogate(unit))
            return unit;
        if (!char.IsHighSurrogate(unit) || at + 1 >= text.Length || !char.IsLowSurrogate(text[at + 1]))
            return 0xFFFD;
        units = 2;
        return char.ConvertToUtf32(unit, text[at + 1]);
    }
}

/// <summary>An instruction of a compiled pattern.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Set">The characters that <see cref="RegexInstructionKind.Set"/> matches.</param>
/// <param name="Target">The next instruction (for Split: the first alternative).</param>
/// <param name="Other">The second alternative of Split.</param>
/// <param name="Negated">Whether a look-ahead is negative.</param>
internal sealed record RegexInstruction(RegexInstructionKind Kind, RegexSet? Set = null, int Target = 0, int Other = 0, bool Negated = false);

/// <summary>The kinds of instructions of a compiled pattern.</summary>
internal enum RegexInstructionKind
{
    Match,
    Set,
    Jump,
    Split,
    Start,
    End,
    Look,
    Atomic,
}
