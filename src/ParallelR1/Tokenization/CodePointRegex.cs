using System.Buffers;

namespace ParallelR1.Tokenization;

/// <summary>
/// A pattern of a Split step: the part of Oniguruma's syntax that tokenizers use, matched over code points with a bounded number of steps.
/// .NET's own patterns see UTF-16 units, for which a letter beyond the basic plane is no letter.
/// </summary>
/// <remarks>
/// A backtracking machine with an explicit stack. Steps are bounded by the length of the text, so a pattern that would explode is an error
/// instead of a hang. Look-ahead is matched by itself; what it would backtrack into is thrown away.
/// </remarks>
internal sealed class CodePointRegex : IPattern
{
    private const int StepsPerUnit = 256;
    private const int StepsAtLeast = 1 << 20;
    private const int MostWaiting = 1 << 24;

    private readonly string _pattern;
    private readonly RegexInstruction[] _program;

    /// <exception cref="InputException">The pattern is malformed or uses something that is not supported; the message names it.</exception>
    public CodePointRegex(string pattern)
    {
        _pattern = pattern;
        _program = RegexCompiler.Compile(pattern);
        CanBeEmpty = RegexCompiler.CanBeEmpty([.. _program[..^1]]);
    }

    /// <summary>Whether the pattern matches between two characters somewhere.</summary>
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

    /// <summary>Where a match of the program from <paramref name="entry"/> on ends; −1 where there is none.</summary>
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
                        // As deep as the pattern nests look-aheads and atomic groups, which the compiler bounds.
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

/// <summary>One step of a compiled pattern.</summary>
/// <param name="Kind">What it does.</param>
/// <param name="Set">The characters that <see cref="RegexInstructionKind.Set"/> takes.</param>
/// <param name="Target">Where it goes on (for Split: first).</param>
/// <param name="Other">Where Split goes on when the first way fails.</param>
/// <param name="Negated">A look-ahead that must not match.</param>
internal sealed record RegexInstruction(RegexInstructionKind Kind, RegexSet? Set = null, int Target = 0, int Other = 0, bool Negated = false);

/// <summary>The steps of a compiled pattern.</summary>
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
