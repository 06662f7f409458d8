namespace ParallelR1.Grading.Semantic;

/// <summary>Times in words: "half past three", "a quarter to five", "10 minutes past 6", "seven o'clock".</summary>
internal static class ClockWords
{
    /// <summary>The time that begins at an index; null where none does.</summary>
    public static Node? Read(List<Token> tokens, int start, out int end)
    {
        end = start;
        if (tokens[start].Kind is not (TokenKind.Word or TokenKind.Number))
            return null;
        var at = start;
        if (Written(tokens, start) is { } minute && Half(tokens, start + 3, out end) is { Length: > 0 } part)
            return new Node(NodeKind.Ratio, part, NumberText.Parse(tokens[start].Text)!, Node.Number(minute));
        end = start;
        if (Hour(tokens, ref at) is { } full && IsClock(tokens, ref at))
            return Time(tokens, full, 0, at, out end);
        at = Word(tokens, start) == "a" ? start + 1 : start;
        if (Minutes(tokens, ref at) is not { } minutes)
            return null;
        var before = Word(tokens, at) == "to";
        if (!before && Word(tokens, at) is not ("past" or "after"))
            return null;
        at++;
        if (Hour(tokens, ref at) is not { } hour)
            return null;
        _ = IsClock(tokens, ref at);
        return before ? Time(tokens, hour == 1 ? 12 : hour - 1, 60 - minutes, at, out end) : Time(tokens, hour, minutes, at, out end);
    }

    /// <summary>The minutes before "past" or "to"; a bare number before "to" is the side of a ratio.</summary>
    private static int? Minutes(List<Token> tokens, ref int at)
    {
        if (Word(tokens, at) is "half" or "quarter")
            return Word(tokens, at++) == "half" ? 30 : 15;
        if (Small(tokens, ref at) is not (> 0 and < 60 and var minutes))
            return null;
        if (Word(tokens, at) is "minutes" or "minute")
            at++;
        else if (Word(tokens, at) != "past")
            return null;
        return minutes;
    }

    private static int? Hour(List<Token> tokens, ref int at)
    {
        var next = at;
        if (Small(tokens, ref next) is not (>= 1 and <= 12 and var hour))
            return null;
        at = next;
        return hour;
    }

    private static int? Small(List<Token> tokens, ref int at)
    {
        if (at < tokens.Count && tokens[at] is { Kind: TokenKind.Number, Text.Length: <= 2 } && int.TryParse(tokens[at].Text, out var number))
        {
            at++;
            return number;
        }

        if (NumberWords.Small(Word(tokens, at)) is not { } value)
            return null;
        at++;
        if (value >= 20 && at < tokens.Count && tokens[at].Kind == TokenKind.Minus)
            at++;
        if (value >= 20 && NumberWords.Small(Word(tokens, at)) is > 0 and < 10 and var digit)
        {
            at++;
            return value + digit;
        }

        return value;
    }

    private static bool IsClock(List<Token> tokens, ref int at)
    {
        if (Word(tokens, at) != "o" || at + 2 >= tokens.Count || tokens[at + 1].Kind != TokenKind.Prime || Word(tokens, at + 2) != "clock")
            return false;
        at += 3;
        return true;
    }

    /// <summary>The minutes of a time in figures ("6:15"); null where none stands there.</summary>
    private static int? Written(List<Token> tokens, int at) =>
        at + 3 < tokens.Count && tokens[at] is { Kind: TokenKind.Number, Text.Length: <= 2 } && tokens[at + 1].Kind == TokenKind.Colon && tokens[at + 2] is { Kind: TokenKind.Number, Text.Length: 2 }
            && int.TryParse(tokens[at + 2].Text, out var minutes) ? minutes : null;

    private static Node Time(List<Token> tokens, int hour, int minutes, int at, out int end) =>
        new(NodeKind.Ratio, Half(tokens, at, out end), Node.Number(hour), Node.Number(minutes));

    /// <summary>The half of the day that words name ("p.m.", "in the evening"); empty where none do.</summary>
    private static string Half(List<Token> tokens, int at, out int end)
    {
        end = at;
        if (Word(tokens, at) is "am" or "pm")
        {
            end++;
            return Word(tokens, at);
        }

        var half = (Word(tokens, at), Word(tokens, at + 1), Word(tokens, at + 2)) switch
        {
            ("in", "the", "morning") => "am",
            ("in", "the", "afternoon" or "evening") => "pm",
            ("at", "night", _) => "pm",
            _ => "",
        };
        end += half.Length == 0 ? 0 : Word(tokens, at) == "at" ? 2 : 3;
        return half;
    }

    private static string Word(List<Token> tokens, int at) => at < tokens.Count && tokens[at].Kind == TokenKind.Word ? tokens[at].Text.ToLowerInvariant() : "";
}
