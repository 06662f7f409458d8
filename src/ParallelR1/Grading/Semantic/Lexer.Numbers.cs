using System.Text;

namespace ParallelR1.Grading.Semantic;

/// <summary>Numbers: separators of thousands, decimals, repeating decimals, powers of ten.</summary>
/// <remarks>The text of the token is <c>digits[.digits][|repeating digits][e[sign]digits]</c>.</remarks>
internal sealed partial class Lexer
{
    private static readonly string[] Separators = ["{,}", ",\\!", "\\!,", "\\,", ",\\,", "\\ ", " ", ","];

    private void Number()
    {
        if (_singles > 0 && char.IsAsciiDigit(_text[_at]))
        {
            _singles--;
            AddChar(TokenKind.Number, _text[_at].ToString());
            return;
        }

        var number = new StringBuilder();
        var first = TakeDigits(number);
        if (first is >= 1 and <= 3)
            TakeGroups(number);
        if (Peek(0) == '.' && (char.IsAsciiDigit(Peek(1)) || Repeating(_at + 1, out _) >= 0))
        {
            _at++;
            number.Append('.');
            TakeDigits(number);
        }

        if (number.ToString().Contains('.', StringComparison.Ordinal))
        {
            if (Repeating(_at, out var digits) is >= 0 and var end)
            {
                number.Append('|').Append(digits);
                _at = end;
            }
        }

        TakeExponent(number);
        Add(TokenKind.Number, number.ToString());
    }

    private int TakeDigits(StringBuilder number)
    {
        var start = _at;
        while (_at < _text.Length && char.IsAsciiDigit(_text[_at]))
            _at++;
        number.Append(_text, start, _at - start);
        return _at - start;
    }

    /// <summary>Takes the groups of three digits after separators, if the whole run is of such groups.</summary>
    private void TakeGroups(StringBuilder number)
    {
        foreach (var separator in Separators)
        {
            if (!Starts(separator, _at))
                continue;
            var end = _at;
            while (GroupAt(end, separator))
                end += separator.Length + 3;
            var bad = end == _at || (Starts(separator, end) && separator != " " && char.IsAsciiDigit(At(end + separator.Length)))
                || (separator == "," && (_brackets > 0 || InSet()) && !WideCommas())
                || (separator == " " && (At(end) is '/' or '.' || char.IsAsciiDigit(At(end + 1)) || number[0] == '0'));
            if (bad)
                continue;
            for (; _at < end; _at += separator.Length + 3)
                number.Append(_text, _at + separator.Length, 3);
            return;
        }
    }

    private bool InSet() => _braces.Count > 0 && _braces[^1].Plain;

    /// <summary>Whether the innermost bracket separates items by a comma and a blank, so that a comma without one belongs to a number.</summary>
    private bool WideCommas()
    {
        var open = _text.AsSpan(0, _at).LastIndexOfAny('(', '[', '{');
        var close = _text.AsSpan(_at).IndexOfAny(')', ']', '}');
        return _text.AsSpan(open + 1, (close < 0 ? _text.Length : _at + close) - open - 1).Contains(", ", StringComparison.Ordinal);
    }

    private char At(int index) => index < _text.Length ? _text[index] : '\0';

    private bool GroupAt(int at, string separator)
    {
        if (!Starts(separator, at))
            return false;
        at += separator.Length;
        return char.IsAsciiDigit(At(at)) && char.IsAsciiDigit(At(at + 1)) && char.IsAsciiDigit(At(at + 2)) && !char.IsAsciiDigit(At(at + 3));
    }

    /// <summary>The end of a marked repetition at an index and its digits; −1 where there is none.</summary>
    private int Repeating(int at, out string digits)
    {
        digits = "";
        foreach (var mark in (ReadOnlySpan<string>)["\\overline", "\\bar", "\\dot", "\\overbar"])
        {
            if (!Starts(mark, at))
                continue;
            var i = at + mark.Length;
            while (At(i) == ' ')
                i++;
            var braced = At(i) == '{';
            var start = braced ? i + 1 : i;
            var end = start;
            while (char.IsAsciiDigit(At(end)) && (braced || end == start))
                end++;
            if (end == start || end - start > 60 || (braced && At(end) != '}'))
                continue;
            digits = _text[start..end];
            var close = braced ? end + 1 : end;
            return mark == "\\dot" ? SecondDot(close, ref digits) : close;
        }

        return -1;
    }

    /// <summary>Two dots mark the first and last digit of what repeats.</summary>
    private int SecondDot(int at, ref string digits)
    {
        var end = at;
        while (char.IsAsciiDigit(At(end)))
            end++;
        if (end - at > 60 || !Starts("\\dot", end))
            return at;
        var i = end + 4;
        while (At(i) is ' ' or '{')
            i++;
        if (!char.IsAsciiDigit(At(i)))
            return at;
        digits += _text[at..end] + At(i);
        return At(i + 1) == '}' ? i + 2 : i + 1;
    }

    private void TakeExponent(StringBuilder number)
    {
        if (Peek(0) is not ('e' or 'E'))
            return;
        var i = Peek(1) is '+' or '-' ? _at + 2 : _at + 1;
        var end = i;
        while (char.IsAsciiDigit(At(end)))
            end++;
        if (end == i || end - i > 18 || char.IsLetter(At(end)) || (At(end) == '.' && char.IsAsciiDigit(At(end + 1))))
            return;
        number.Append('e').Append(_text, _at + 1, end - _at - 1);
        _at = end;
    }
}
