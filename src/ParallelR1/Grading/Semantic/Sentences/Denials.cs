namespace ParallelR1.Grading.Semantic.Sentences;

/// <summary>A value that the words before it deny.</summary>
internal static class Denials
{
    public static bool IsDenied(string[] left)
    {
        for (var i = 0; i < left.Length; i++)
        {
            if (left[i] == "not" && left.At(i - 1 < 0 ? left.Length : i - 1) == "only")
                continue;
            if (Lexicon.Negations.Contains(left[i]) && !IsReleased(left, i))
                return true;
            var isSubject = i == left.Length - 1 || (i + 1 == left.Length - 1 && Lexicon.Copulas.Contains(left[i + 1])) || left.At(i + 1) is "#" or "that";
            if (left[i] == "without" && (left.AsSpan(0, i).ContainsAny(Lexicon.Pronouns) || Array.Exists(left[..i], Lexicon.Verbs.Contains)))
                continue;
            // "There is no remainder and each gets 7."
            var and = Array.IndexOf(left, "and", 0, i);
            if (and > 0 && Array.Exists(left[..and], Lexicon.Verbs.Contains) && Lexicon.NegativeSubjects.Contains(left[i]))
                continue;
            // "The probability that neither wins is 24 %."
            if (Lexicon.NegativeSubjects.Contains(left[i]) && i > 1 && left.At(i + 1) == "that" && left.At(i + 2) is "probability" or "chance" or "likelihood" or "odds")
                continue;
            // "There is no way it is 60"
            if (left[i] == "no" && left.At(i - 1) is "way" or "chance" or "possibility" or "reason" or "evidence" or "claim" or "proof" or "guarantee" or "indication")
                return true;
            if (Lexicon.NegativeSubjects.Contains(left[i]) && i > 0 && isSubject && !(left[i] == "nothing" && left[0] == "but"))
                return true;
        }

        return false;
    }

    /// <summary>Whether a finite verb follows the denied one, so that the denial belongs to a clause before ("those who do not play are 7").</summary>
    private static bool IsReleased(string[] left, int negation)
    {
        var start = negation - 1;
        if (start >= 0 && Lexicon.Opinions.Contains(left[start]))
            return false;
        var inRelativeClause = negation + 2 < left.Length && left[negation + 2] is "who" or "that" or "which" or "whom" && start > 0;
        if (inRelativeClause)
            return true;
        for (var i = start - 1; i >= 0; i--)
        {
            if (Lexicon.Verbs.Contains(left[i]))
                return !left.AsSpan(i + 1, start - i).Contains("that");
        }

        return false;
    }

    /// <summary>Whether everything else is denied ("no other value than 7", "it cannot be anything but 7").</summary>
    public static bool IsOnlyOne(string[] left) =>
        (left is ["but", "anything", ..] && Array.Exists(left, w => w is "cannot" or "not"))
            || (left is ["than", "other", ..] or ["than", _, "other", ..] && Array.Exists(left, w => Lexicon.NegativeSubjects.Contains(w) || w is "cannot" or "not"));
}
