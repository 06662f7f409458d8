namespace ParallelR1.Grading.Semantic.Sentences;

/// <summary>A value that is computed from the answer, and so is not the answer.</summary>
internal static class FunctionsOfAnswer
{
    /// <summary>"The square of what we want is 60", "four times the desired number is 60", "adding 5 to it gives 60".</summary>
    public static bool IsComputed(List<Term> terms, int at, Clause clause, string[] right)
    {
        if (right.Length == 0 && !terms[at].HasUnit && Qualifiers.Operating.Contains(clause.Governor) && !clause.Near(1, 2, "is", "are", "was"))
            return true;
        // "Squared, the answer is 60"
        if (terms.Count > 1 && terms[1].Kind == TermKind.Boundary && Qualifiers.Computed.Contains(terms.WordAt(0)))
            return true;
        if (LeadsToAnswer(terms, clause, right))
            return true;
        // "60 when doubled"
        if (right is ["when" or "if" or "once" or "after", var done, ..] && Qualifiers.Computed.Contains(done))
            return true;
        // "When multiplied by 3, the answer becomes 60", "if we square it, we get 60"
        if (terms[0].Text is "if" or "when" or "once" or "after" && terms.FindIndex(0, at, t => t is { Kind: TermKind.Boundary, Text: "," }) is > 0 and var comma
            && terms.FindIndex(0, comma, t => t.Kind == TermKind.Word && Qualifiers.Computing.Contains(t.Text)) is > 0 and var operation
            && (terms[comma - 1].Text is "it" or "answer" or "that" || operation == 1 && NamesAnswer(clause.Subject) >= 0))
            return true;
        // "The complement has probability 1/6"; the complement of an angle has a name of its own.
        if (clause.Words.Length > 2 && clause.Words.From(clause.Words.Length - 2).IndexOf("complement") is >= 0 and var complement && !terms[at].HasUnit
            && clause.Words.At(complement + clause.Words.Length - 3) != "of")
            return true;
        if (!clause.IsEquated)
            return false;
        var subject = clause.Subject;
        // "The answer divided by 4 gives 60"
        var named = NamesAnswer(subject);
        if (IsDeviation(terms[at], clause, named))
            return true;
        // "Adding 5 to it gives 60"
        if (subject.Contains("#"))
            return Qualifiers.Computing.Contains(subject.First) && subject.ContainsAny("it", "this", "that") && !subject.ContainsAny(Lexicon.Copulas);
        // "The sum of all answers is 60"
        if (subject.First is "sum" or "product" or "average" or "mean" or "total" && subject.Contains("answers"))
            return true;
        // "Half of the marbles is 60" is a story; half of what is asked for is none.
        if (named >= 0 && (IsFunctionOf(subject, named) || subject.To(named).ContainsAny("root", "than", "percent", "%", "digits", "digit", "part", "fraction", "power")
            || (IsExplained(subject, named) ? subject.To(named) : subject).ContainsAny(Qualifiers.Computing) || subject.ContainsAny("times", "plus", "minus", "modulo", "mod", "squared", "cubed")))
            return true;
        if (subject.First is "its" or "whose" && (subject.ContainsAny(Qualifiers.Functions) || subject.ContainsAny("root", "digit", "digits")))
            return true;
        if (subject.At(subject.Length - 1) is "squared" or "cubed" or "doubled" or "tripled" or "halved" or "quadrupled" or "negated" or "inverted" or "reversed")
            return true;
        // "Half the length is 60" and "the square of the side is 60" may be asked for; of "half the number" it is the number that is asked for.
        if (Qualifiers.Functions.Contains(subject.First) || subject.At(1) == "root")
            return IsAnonymous(subject.From(subject.At(1) == "root" ? 2 : 1));
        return NumberWords.Small(subject.First) is not null && subject.At(1) == "times" && IsAnonymous(subject.From(2));
    }

    /// <summary>Where a subject names what is asked ("the desired number", "what we want", "the value sought").</summary>
    private static int NamesAnswer(ClauseWords words)
    {
        for (var i = 0; i < words.Length; i++)
        {
            var next = words.At(i + 1);
            if (Lexicon.Answers.Contains(words[i]) || (Qualifiers.Wanted.Contains(words[i]) && Qualifiers.Quantities.Contains(next) && words.At(i + 2) != "of")
                || (Qualifiers.Quantities.Contains(words[i]) && (next is "sought" or "wanted" or "required" or "desired" or "needed" or "requested" or "we" or "you" or "i"
                    || next is "in" or "asked" && words.At(i + 2) is "question" or "for"))
                || (words[i] == "what" && next is "we" or "you" or "i"))
                return i;
        }

        return -1;
    }

    /// <summary>Whether the value is said of something that is computed from the answer ("twice the answer is 7", "its square is 7").</summary>
    public static bool SpeaksOfAnother(string[] left)
    {
        var verb = Array.FindIndex(left, w => Lexicon.Copulas.Contains(w) || w is "has" or "have" or "contains");
        if (verb < 0)
            return false;
        var subject = left[(verb + 1)..];
        if (!Lexicon.Copulas.Contains(left[verb]))
            return subject is [var owner, "the" or "our" or "my", ..] && Lexicon.Answers.Contains(owner);
        if (IsPartOfAnswer(subject))
            return true;
        var answer = Array.FindIndex(subject, Lexicon.Answers.Contains);
        // "The answer obtained by multiplying 12 by 5" is the answer.
        var isExplained = answer > 0 && (subject[answer - 1] is "obtained" or "found" or "that" or "we" or "from" or "by" or "after" || (subject[answer] == "result" && subject[answer - 1] == "of"));
        var beside = isExplained ? subject[(answer + 1)..] : subject;
        var ofAnswer = answer >= 0 && Array.Exists(beside, w => (Qualifiers.Operations.Contains(w) && !(Qualifiers.Functions.Contains(w) && subject.At(answer + 1) == w)) || w is "plus" or "minus" or "times" or "than" or "modulo" or "mod");
        return ofAnswer || (subject is [_, "its" or "whose" or "their", ..] or [_, "its" or "whose"] or ["which", "of", ..] && Array.Exists(subject, Qualifiers.Operations.Contains));
    }

    /// <summary>Whether the subject is something of the answer, such as its last digits.</summary>
    private static bool IsPartOfAnswer(string[] subject)
    {
        var answer = Array.FindIndex(subject, Lexicon.Answers.Contains);
        if (answer < 0)
            return false;
        var of = answer + 1;
        while (subject.At(of) is "the" or "our" or "my" or "this" or "final")
            of++;
        return subject.At(of) is "after" or "before" or "below" or "above" || subject.At(of) == "of" && subject.At(of + 1) is not ("value" or "size" or "form" or "magnitude" or "one");
    }

    /// <summary>Whether a computation with the answer stands before the value ("Doubling the answer gives 7", "if you double the answer, you get 7").</summary>
    public static bool ComputesWithAnswer(List<Term> terms, int at)
    {
        for (var i = 1; i < at; i++)
        {
            if (!Lexicon.Answers.Contains(terms[i].Text) || terms[i].Kind != TermKind.Word)
                continue;
            if (IsChangedLater(terms, i, at))
                return true;
            for (var j = i - 1; j >= 0 && j >= i - 4 && terms[j].Kind != TermKind.Boundary; j--)
            {
                if (terms[j].Kind != TermKind.Word)
                    continue;
                // "Adding them gives the answer 7"
                if (Lexicon.Copulas.Contains(terms[j].Text) || terms[j].Text is "gives" or "yields" or "get" or "gets" or "obtain" or "find")
                    break;
                if (Qualifiers.Operations.Contains(terms[j].Text) || Qualifiers.Computing.Contains(terms[j].Text))
                    return true;
            }
        }

        return false;
    }

    /// <summary>Whether words behind the answer say how it was found ("the result of adding them").</summary>
    private static bool IsExplained(ClauseWords subject, int answer) => subject.At(answer + 1) is "of" or "obtained" or "from" or "by" or "found" or "after" or "that" or "we";

    /// <summary>Whether a function stands before the name of the answer, with "of" or an article between ("half the answer"; but "the negative solution", "the third number").</summary>
    private static bool IsFunctionOf(ClauseWords words, int named)
    {
        var function = words.To(named).IndexOfAny(Qualifiers.Functions);
        return function >= 0 && words.From(function + 1).To(named - function - 1).ContainsAny("of", "the", "our", "my", "this");
    }

    /// <summary>Whether what a function is taken of has no name of its own ("of the number", "of it", "of x").</summary>
    private static bool IsAnonymous(ClauseWords words)
    {
        var i = 0;
        while (words.At(i) is "of" or "the" or "our" or "this" or "that" or "its" or "my" or "their")
            i++;
        while (Qualifiers.Quantities.Contains(words.At(i)) && Qualifiers.Quantities.Contains(words.At(i + 1)) || (Qualifiers.Wanted.Contains(words.At(i)) && i > 0))
            i++;
        var noun = words.At(i);
        return i > 0 && (Qualifiers.Quantities.Contains(noun) || noun.Length == 1 || noun is "it" or "them" || (noun == "what" && words.At(i + 1) is "we" or "you" or "i" or "is")) && words.At(i + 1) is not "of";
    }

    /// <summary>Whether the subject is by how much something is wrong ("the error is 60", "the difference from the answer is 60"); the percent error has a name of its own.</summary>
    private static bool IsDeviation(Term value, Clause clause, int named)
    {
        var subject = clause.Subject;
        if (named > 0 && subject.To(named).ContainsAny(Qualifiers.Deviations) && subject.To(named).ContainsAny("from", "to", "between", "of", "in"))
            return true;
        return !value.HasUnit && subject.At(subject.At(0) is "our" or "my" ? 1 : 0) is "error" or "mistake" or "discrepancy" or "deviation" or "inaccuracy" or "uncertainty" && subject.Length <= 2
            && subject.At(1) is "" or "error" or "mistake" or "here" or "alone";
    }

    /// <summary>Whether the answer, once it is named, is computed with ("take the answer, triple it, and you have 7", "when the answer is cut in half, 7 remains").</summary>
    private static bool IsChangedLater(List<Term> terms, int answer, int at)
    {
        for (var i = answer + 1; i + 1 < at; i++)
        {
            if (terms[i].Kind == TermKind.Word && terms.WordAt(i + 1) == "it" && Qualifiers.Computing.Contains(terms[i].Text))
                return true;
        }

        return Lexicon.Copulas.Contains(terms.WordAt(answer + 1)) && terms.FindIndex(answer, at - answer, t => t.Kind == TermKind.Boundary) > 0
            && (Qualifiers.Computed.Contains(terms.WordAt(answer + 2)) || terms.WordAt(answer + 2) is "cut" or "split" or "raised");
    }

    /// <summary>Whether the value is what the answer is found from ("the answer follows from 60", "60 is needed to find the answer", "from 60 we get the answer").</summary>
    private static bool LeadsToAnswer(List<Term> terms, Clause clause, string[] right)
    {
        if (clause.Governor is "from" or "with" or "using" or "via" && (clause.Words.ContainsAny(Lexicon.Answers) || clause.Words.Length == 2)
            && clause.Near(1, 3, "comes", "follows", "obtained", "computed", "calculated", "derived", "results", "found", "stems", "starts"))
            return true;
        var answer = Array.FindIndex(right, Lexicon.Answers.Contains);
        // "60 percent of the answer", "60 below the answer"
        if (clause.Words.Length == 0 && (answer > 0 && answer == right.Length - 1 && right[0] is "of" or "away" or "below" or "above" or "times" or "short" or "more" or "less" or "from" || right is ["of", "it"]))
            return true;
        return answer > 0 && ((clause.Words.Length > 0 && right.At(0) is "gives" or "yields" or "produces") || (clause.Words.Length <= 2 && terms.WordAt(0) is "from" or "using" or "with" && right.Within(0, answer, w => w is "get" or "obtain" or "find" or "compute" or "derive"))
            || (right.At(0) is "is" or "was" && right.At(1) is "needed" or "used" or "required" && right.Within(2, answer, w => w is "find" or "get" or "compute" or "obtain" or "reach" or "for")));
    }
}
