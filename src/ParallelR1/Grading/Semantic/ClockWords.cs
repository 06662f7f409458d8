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

    private static Node Time(List<Token> tokens, int hour, int minutes, int at, out int end)
    {
        var half = Word(tokens, at) is "am" or "pm" ? Word(tokens, at) : "";
        if ((Word(tokens, at), Word(tokens, at + 1)) is ("in", "the"))
            half = Word(tokens, at + 2) switch { "morning" => "am", "afternoon" or "evening" => "pm", _ => "" };
        end = half.Length == 0 ? at : Word(tokens, at) == "in" ? at + 3 : at + 1;
        return new Node(NodeKind.Ratio, half, Node.Number(hour), Node.Number(minutes));
    }

    private static string Word(List<Token> tokens, int at) => at < tokens.Count && tokens[at].Kind == TokenKind.Word ? tokens[at].Text.ToLowerInvariant() : "";
}
