using System.Globalization;

namespace ParallelR1.Tokenization;

/// <summary>Compiles a pattern: alternation, groups, sets, categories, greedy, lazy and possessive repetition, look-ahead, line anchors.</summary>
internal sealed class RegexCompiler
{
    private const int MostNested = 32;
    private const int MostInstructions = 20_000;
    private const int MostRepeated = 1000;

    private readonly string _pattern;
    private int _at;
    private int _depth;

    private RegexCompiler(string pattern) => _pattern = pattern;

    /// <summary>Compiles a pattern.</summary>
    /// <exception cref="InputException">The pattern is malformed or not supported.</exception>
    public static RegexInstruction[] Compile(string pattern)
    {
        var compiler = new RegexCompiler(pattern);
        var program = compiler.Alternation(ignoreCase: false);
        if (compiler._at < pattern.Length)
            throw compiler.Error("an unmatched \")\"");
        return [.. program, new RegexInstruction(RegexInstructionKind.Match)];
    }

    private char Here => _at < _pattern.Length ? _pattern[_at] : '\0';

    // Targets in fragments are relative to the start of the fragment; Append shifts them.
    private List<RegexInstruction> Alternation(bool ignoreCase)
    {
        if (++_depth > MostNested)
            throw Error($"more than {MostNested} groups inside each other");
        var branches = new List<List<RegexInstruction>> { Concatenation(ignoreCase) };
        while (Here == '|' && _at < _pattern.Length)
        {
            _at++;
            branches.Add(Concatenation(ignoreCase));
        }

        _depth--;
        var result = branches[^1];
        foreach (var branch in branches.AsEnumerable().Reverse().Skip(1))
        {
            var joined = new List<RegexInstruction> { new(RegexInstructionKind.Split, Target: 1, Other: branch.Count + 2) };
            Append(joined, branch);
            joined.Add(new RegexInstruction(RegexInstructionKind.Jump, Target: branch.Count + 2 + result.Count));
            Append(joined, result);
            result = joined;
        }

        return result;
    }

    private List<RegexInstruction> Concatenation(bool ignoreCase)
    {
        var result = new List<RegexInstruction>();
        while (_at < _pattern.Length && Here is not ('|' or ')'))
        {
            if (_pattern.AsSpan(_at).StartsWith("(?i)", StringComparison.Ordinal))
            {
                // As in Oniguruma, the flag applies up to the end of the group, including alternatives: a(?i)b|c is a(?i:b|c).
                _at += 4;
                Append(result, Alternation(ignoreCase: true));
                break;
            }

            Append(result, Repeated(Atom(ignoreCase)));
        }

        return result;
    }

    private List<RegexInstruction> Atom(bool ignoreCase)
    {
        switch (Here)
        {
            case '(':
                return Group(ignoreCase);
            case '^':
                _at++;
                return [new RegexInstruction(RegexInstructionKind.Start)];
            case '$':
                _at++;
                return [new RegexInstruction(RegexInstructionKind.End)];
            case '*' or '+' or '?':
                throw Error($"a \"{Here}\" with nothing before it");
            default:
                var set = new RegexSetParser(_pattern, ignoreCase).Read(ref _at);
                return [new RegexInstruction(RegexInstructionKind.Set, set)];
        }
    }

    private List<RegexInstruction> Group(bool ignoreCase)
    {
        _at++;
        RegexInstruction? wrapper = null;
        if (Here == '?')
        {
            var kind = _pattern.AsSpan(_at);
            (wrapper, var length) = kind switch
            {
                ['?', ':', ..] => (null, 2),
                ['?', 'i', ':', ..] => (null, 3),
                ['?', '=', ..] => (new RegexInstruction(RegexInstructionKind.Look), 2),
                ['?', '!', ..] => (new RegexInstruction(RegexInstructionKind.Look, Negated: true), 2),
                ['?', '>', ..] => (new RegexInstruction(RegexInstructionKind.Atomic), 2),
                _ => throw Error($"the group ({kind[..Math.Min(3, kind.Length)]}"),
            };
            ignoreCase |= length == 3;
            _at += length;
        }

        var body = Alternation(ignoreCase);
        if (Here != ')')
            throw Error("a \"(\" without its \")\"");
        _at++;
        return wrapper is null ? body : Wrap(wrapper, body);
    }

    private static List<RegexInstruction> Wrap(RegexInstruction wrapper, List<RegexInstruction> body)
    {
        var result = new List<RegexInstruction> { wrapper with { Target = body.Count + 2 } };
        Append(result, body);
        result.Add(new RegexInstruction(RegexInstructionKind.Match));
        return result;
    }

    private List<RegexInstruction> Repeated(List<RegexInstruction> atom)
    {
        while (TryQuantifier(out var least, out var most))
        {
            var lazy = Here == '?';
            var possessive = Here == '+';
            if (lazy || possessive)
                _at++;
            if (most is null && CanBeEmpty(atom))
                throw Error("an endless repetition of something that may be empty");
            atom = Repeat(atom, least, most, lazy);
            if (possessive)
                atom = Wrap(new RegexInstruction(RegexInstructionKind.Atomic), atom);
        }

        return atom;
    }

    private List<RegexInstruction> Repeat(List<RegexInstruction> atom, int least, int? most, bool lazy)
    {
        if ((long)atom.Count * ((most ?? least) + 2) > MostInstructions)
            throw Error($"a repetition that needs more than {MostInstructions} steps");
        var result = new List<RegexInstruction>();
        for (var i = 0; i < least; i++)
            Append(result, atom);
        if (most is null)
        {
            var loop = result.Count;
            result.Add(Fork(loop + 1, loop + atom.Count + 2, lazy));
            Append(result, atom);
            result.Add(new RegexInstruction(RegexInstructionKind.Jump, Target: loop));
        }

        var end = result.Count + ((most ?? least) - least) * (atom.Count + 1);
        for (var i = least; i < most; i++)
        {
            result.Add(Fork(result.Count + 1, end, lazy));
            Append(result, atom);
        }

        return result;
    }

    private static RegexInstruction Fork(int inside, int behind, bool lazy) => lazy
        ? new RegexInstruction(RegexInstructionKind.Split, Target: behind, Other: inside)
        : new RegexInstruction(RegexInstructionKind.Split, Target: inside, Other: behind);

    private bool TryQuantifier(out int least, out int? most)
    {
        (least, most) = (0, null);
        switch (_at < _pattern.Length ? Here : '\0')
        {
            case '*':
                break;
            case '+':
                least = 1;
                break;
            case '?':
                most = 1;
                break;
            case '{':
                return TryBraces(out least, out most);
            default:
                return false;
        }

        _at++;
        return true;
    }

    private bool TryBraces(out int least, out int? most)
    {
        (least, most) = (0, null);
        var close = _pattern.IndexOf('}', _at);
        var parts = close < 0 ? [] : _pattern[(_at + 1)..close].Split(',');
        if (parts.Length is 0 or > 2 || parts.All(p => p.Length == 0)
            || parts.Any(p => p.Length > 0 && !int.TryParse(p, NumberStyles.None, CultureInfo.InvariantCulture, out _)))
            throw Error("a \"{\" that is not a repetition such as {1,3}");
        least = parts[0].Length == 0 ? 0 : int.Parse(parts[0], CultureInfo.InvariantCulture);
        most = parts.Length == 1 ? least : parts[1].Length == 0 ? null : int.Parse(parts[1], CultureInfo.InvariantCulture);
        if (least > MostRepeated || most > MostRepeated || most < least)
            throw Error($"the repetition {_pattern[_at..(close + 1)]}");
        _at = close + 1;
        return true;
    }

    /// <summary>Returns whether a fragment can match the empty text.</summary>
    public static bool CanBeEmpty(List<RegexInstruction> atom)
    {
        var seen = new HashSet<int>();
        var waiting = new Stack<int>([0]);
        while (waiting.TryPop(out var at))
        {
            if (at >= atom.Count)
                return true;
            if (!seen.Add(at))
                continue;
            switch (atom[at].Kind)
            {
                case RegexInstructionKind.Set:
                    break;
                case RegexInstructionKind.Split:
                    waiting.Push(atom[at].Target);
                    waiting.Push(atom[at].Other);
                    break;
                case RegexInstructionKind.Jump or RegexInstructionKind.Look:
                    waiting.Push(atom[at].Target);
                    break;
                case RegexInstructionKind.Atomic:
                    if (CanBeEmpty(Body(atom, at)))
                        waiting.Push(atom[at].Target);
                    break;
                default:
                    waiting.Push(at + 1);
                    break;
            }
        }

        return false;
    }

    private static List<RegexInstruction> Body(List<RegexInstruction> atom, int at)
    {
        var body = new List<RegexInstruction>();
        foreach (var instruction in atom.Skip(at + 1).Take(atom[at].Target - at - 2))
            body.Add(instruction with { Target = instruction.Target - at - 1, Other = instruction.Other - at - 1 });
        return body;
    }

    private static void Append(List<RegexInstruction> result, List<RegexInstruction> fragment)
    {
        var shift = result.Count;
        foreach (var instruction in fragment)
            result.Add(instruction with { Target = instruction.Target + shift, Other = instruction.Other + shift });
    }

    private InputException Error(string what) =>
        new($"tokenizer.json: the pattern {_pattern} of the pre_tokenizer has {what} at {_at}; this is not supported");
}
