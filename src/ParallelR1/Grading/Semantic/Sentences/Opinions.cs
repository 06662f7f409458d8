namespace ParallelR1.Grading.Semantic.Sentences;

/// <summary>A value that somebody thinks, offers or hopes for.</summary>
internal static class Opinions
{
    /// <summary>"Some people claim it is 60", "my friend thinks that it is 60", "according to the book it is 60".</summary>
    public static bool IsReported(List<Term> terms, int at, Clause clause, string[] right)
    {
        if (terms[0].IsWord("according") && at > 3 && !Authority(terms, 2, at))
            return true;
        // "My friend's answer is 60", "the textbook gives 60"; what Tom of the story answers may be asked for., "many students answer 60"
        if (clause.IsEquated && terms.FindIndex(0, at, t => t.IsPossessive && Qualifiers.Sources.Contains(t.Text)) is >= 0 and var owner
            && terms.FindIndex(owner + 1, Math.Min(3, at - owner - 1), t => Qualifiers.Sayings.Contains(t.Text)) > 0)
            return true;
        if (!terms[at].HasUnit && (Qualifiers.Suggesting.Contains(clause.Governor) || clause.Governor == "to" && clause.Near(1, 2, "point", "points", "pointed", "hints", "leans", "lean")))
            return true;
        var bare = right.Length == 0 && !terms[at].HasUnit || right.At(0) is "but" or "though" or "which";
        if (bare && !clause.Words.ContainsAny("everybody", "everyone", "i", "we") && clause.Governor is "gives" or "give" or "says" or "has" or "have" or "lists" or "shows" or "states" or "claims" or "got" or "gets" && clause.Near(1, 3, Qualifiers.Sources))
            return true;
        if (bare && clause.Governor is "answer" or "answers" && (clause.Near(1, 2, Qualifiers.Sources) || clause.Near(1, 2, "would", "will", "might", "may", "could", "to", "often", "usually", "they", "many", "some")))
            return true;
        var report = clause.Words.IndexOfAny(Qualifiers.Reporting);
        // "Student X asserts that the limit is 60": all that follows is reported, whatever it is said of.
        if (report > 0 && clause.Words[report - 1] == "that" && clause.Words[report] is "claims" or "claimed" or "asserts" or "asserted" or "argues" or "argued" or "alleges" or "alleged" or "contends" or "contended"
            or "insists" or "insisted" or "conjectures" or "conjectured" or "believes" or "believed" or "suspects" or "suspected" or "guesses" or "guessed" && !clause.Words.From(report).ContainsAny(Qualifiers.Authorities)
            && !clause.Words.From(report).ContainsAny(Qualifiers.Speakers))
            return true;
        if (report < 0)
            return right is [_, ..] && (right[0] != "as" || right.Length > 2) && right[^1] is "says" or "said" or "claims" or "claimed" or "thinks" or "thought" or "believes" or "believed" && right.Length <= 4 && !right.Contains("i") && !right.Contains("we") && !right.Contains("problem");
        // "The number of wrong guesses is 60": a noun.
        if (report > 0 && clause.Words[report].EndsWith('s') && Lexicon.Copulas.Contains(clause.Words[report - 1]))
            return false;
        // "The estimated value", "Tom's guess": a name.
        if (terms.WordAt(at - report - 2) is "the" or "an" or "a" or "his" or "her" or "their" || (at - report - 2 >= 0 && terms[at - report - 2].IsPossessive && !Qualifiers.Sources.Contains(terms[at - report - 2].Text)))
            return false;
        // Between the verb and the value: nothing but "that", "it is", "the answer is".
        for (var i = 0; i < report; i++)
        {
            var word = clause.Words[i];
            if (!(Lexicon.Fillers.Contains(word) || Lexicon.Copulas.Contains(word) || word is "that" or "it" or "there" or "would" or "should" or "must" or "will" or "me" or "us" or "to"
                || Qualifiers.Wanted.Contains(word) || Qualifiers.Quantities.Contains(word)))
                return false;
        }

        if (report == clause.Skipped && (right.Length > 0 && at + 1 < terms.Count && terms[at + 1].Kind != TermKind.Boundary || terms[at].HasUnit) && right.At(0) is not ("but" or "and" or "though" or "yet" or "however"))
            return false;
        var subject = clause.Words.From(report + 1);
        return subject.Length > 0 && !subject.ContainsAny(Qualifiers.Authorities) && !subject.ContainsAny(Qualifiers.Speakers);
    }

    private static bool Authority(List<Term> terms, int from, int to)
    {
        for (var i = from; i < Math.Min(to, from + 6) && terms[i].Kind == TermKind.Word && !Lexicon.Copulas.Contains(terms[i].Text); i++)
        {
            if (Qualifiers.Authorities.Contains(terms[i].Text))
                return true;
        }

        return false;
    }

    /// <summary>"She hopes to reach 60": what is hoped for is not yet.</summary>
    public static bool IsHoped(List<Term> terms, int at, Clause clause, string[] right)
    {
        if (right.Length > 0 || terms[at].HasUnit)
            return false;
        if ((clause.Governor is "want" or "wants" or "wanted" || clause.Words.IndexOf("to") is > 0 and <= 2 and var to
            && (clause.Words.At(to + 1) is "fails" or "failed" or "fail" or "unable" or "refuses" or "refused" or "forgot" || clause.Words.At(to + 1) is "is" or "was" && clause.Words.At(to + 2) is "goal" or "aim" or "plan" or "objective" or "target" or "hope" or "wish")))
            return true;
        // "It remains to show that it is 60"
        var proving = clause.Words.IndexOfAny(Qualifiers.Proving);
        if (proving > 0 && clause.Words.At(proving + 1) == "to" && (Qualifiers.Intending.Contains(clause.Words.At(proving + 2)) || clause.Words.At(proving + 2) is "remains" or "remain" or "suffices" or "need" or "needs" or "left" or "goal" or "must" or "have"))
            return true;
        // "My lucky number is 60": something of the solver's own
        if (clause.IsEquated && !terms[at].HasUnit && clause.Subject.First == "my" && clause.Subject.Length is 2 or 3 && !Lexicon.Answers.Contains(clause.Subject.At(clause.Subject.Length - 1))
            && (clause.Subject.Length == 3 || clause.Subject.At(1) is "age" or "favorite" or "favourite" or "luck"))
            return true;
        // "Our goal is 60"
        if (clause.IsEquated && clause.Subject.At(clause.Subject.Length - 1) is "goal" or "target" or "aim" or "objective" && (clause.Subject.Length == 1 || clause.Subject.First is "our" or "my"))
            return true;
        var hope = clause.Words.IndexOfAny(Qualifiers.Intending);
        return hope is > 0 and <= 5 && clause.Words[hope - 1] is "to" or "for";
    }

    /// <summary>"Likely 60", "it is likely that it is 60", "it seems to be 60", "it is said to be 60".</summary>
    public static bool IsLikely(Clause clause, string[] right)
    {
        if (Qualifiers.Likely.Contains(clause.Governor) || (clause.Governor is "much" or "good") && clause.Words.At(clause.Skipped + 1) is "pretty" or "as")
            return true;
        if (clause.Governor == "say" && (clause.Words.Length == clause.Skipped + 1 || clause.Words.At(clause.Skipped + 1) is "let" or "us"))
            return true;
        for (var i = 0; i < Math.Min(5, clause.Words.Length); i++)
        {
            var word = clause.Words[i];
            var near = i > 0 ? clause.Words[i - 1] : "";
            if (Qualifiers.Likely.Contains(word) && near is "that" or "to" or "it" or "is")
                return true;
            if (Qualifiers.Seeming.Contains(word) && (near is "to" or "like" or "that" or "as" or "it" || (i == clause.Skipped && right.Length == 0)))
                return true;
            if (Qualifiers.SaidToBe.Contains(word) && near == "to" && clause.Words.To(i).Contains("be"))
                return true;
        }

        return false;
    }

    /// <summary>"An example is 60", "a possible answer is 60", "one possible value is 60".</summary>
    public static bool IsOffered(Clause clause)
    {
        if (!clause.IsEquated)
            return false;
        var head = clause.Head;
        if (head.ContainsAny(Qualifiers.Offers))
            return !head.Contains("only");
        var possible = head.IndexOf("possible");
        return possible >= 0 && (possible == 0 ? clause.HasIndefiniteArticle : head[possible - 1] is "one" or "another" or "some" or "a") && head.At(possible + 1) is not "";
    }
}
