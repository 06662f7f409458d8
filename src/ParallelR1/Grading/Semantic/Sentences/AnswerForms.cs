using System.Collections.Frozen;

namespace ParallelR1.Grading.Semantic.Sentences;

/// <summary>
/// Sentences about the answer itself rather than about things of a story. Only a few forms of these state it, so whatever is said in another one states
/// nothing: "60 is the answer" but not "60 is arbitrary", "I get 60" but not "I would bet on 60", "the final answer is 60" but not "the usual answer is 60".
/// </summary>
internal static class AnswerForms
{
    private static readonly FrozenSet<string> s_openers = Lexicon.Words(
        "so thus hence therefore then and now that finally altogether overall consequently accordingly clearly indeed here yes also in total certainly definitely surely obviously evidently " +
        "of course ok okay well ergo whence because since as while for this means though although but yet");

    private static readonly FrozenSet<string> s_adverbs = Lexicon.Words(
        "also clearly obviously then indeed therefore certainly thus definitely now simply really surely exactly precisely just in fact actually itself hence finally always of course evidently");

    /// <summary>What says of a speaker, or of a fact, that something is so.</summary>
    private static readonly FrozenSet<string> s_certain = Lexicon.Words(
        "show shows showed shown prove proves proved proven follow follows mean means meaning find finds found see sees know knows known conclude concludes concluded clear certain sure obvious " +
        "evident so thus hence therefore then implies imply implying give gives giving tell tells deduce deduced infer inferred note notice observe check checked verify verified verifies confirm confirms " +
        "confirmed confident convinced compute computed calculate calculated safe true fact and as which because since established ensures guarantees determine determined agree agreed agrees " +
        "indicates turns turned case get gets got obtain obtained derive derived count counted reach reached arrive arrived need require left end ended necessary solve solved solving " +
        "simplify simplifying simplifies evaluate adding multiplying subtracting dividing using summing answer yields yield yielding makes make making leaving totaling totalling giving proof present adds saying but where ways leaves leaving totals");

    private static readonly FrozenSet<string> s_determiners = Lexicon.Words("the our my your its this that his her");

    private static readonly FrozenSet<string> s_plain = Lexicon.Words(
        "final correct right desired required exact overall numerical numeric simplified resulting requested full only unique true actual real complete whole sought wanted needed decimal integer total " +
        "end ultimate proper simple present current new last second remaining other positive");

    private static readonly FrozenSet<string> s_verdicts = Lexicon.Words(
        "correct right true exact it left needed required enough sufficient obtained found how what where necessary accurate reached equal attained because since as when");

    private static readonly FrozenSet<string> s_fits = Lexicon.Words("works satisfies solves fits answers meets fulfils fulfills gives makes yields checks results suffices leaves");

    private static readonly FrozenSet<string> s_behindAnswer = Lexicon.Words(
        "to of for in that which we i you from obtained found here then therefore by after when as rounded below above must should will would can has thus hence indeed asked sought being is with on at");

    private static readonly FrozenSet<string> s_possible = Lexicon.Words("most least best worst smallest largest highest lowest biggest closest nearest greatest");

    /// <param name="terms">The sentence.</param>
    /// <param name="at">The place of a bare number.</param>
    /// <param name="clause">The words before it in its clause.</param>
    /// <param name="right">The words behind it.</param>
    public static bool IsNone(List<Term> terms, int at, Clause clause, string[] right) =>
        terms[at].Value?.Node is { IsExpression: true } or { Kind: NodeKind.Quantity }
            && (IsOddPredicate(terms, at, clause.Words, right) || (!terms.Exists(t => t.IsPossessive) && IsOddAnswer(clause)) || IsOddSpeech(clause.Words) || IsOddReport(clause.Words) || IsOddFragment(terms, at, clause, right));

    /// <summary>Whether the number is the subject of a singular verb, and what is said of it is not that it is the answer ("60 is arbitrary", "60 comes to mind").</summary>
    private static bool IsOddPredicate(List<Term> terms, int at, ClauseWords left, string[] right)
    {
        for (var i = 0; i < left.Length; i++)
        {
            if (!s_openers.Contains(left[i]))
                return false;
        }

        if (right.Length == 0)
            return false;
        // "60, which I now retract"
        if (right is ["which" or "that", "i" or "we", ..])
            return !right.Within(2, right.Length, s_certain.Contains) && !right.Within(2, right.Length, w => w is "wanted" or "have" or "box" or "write" or "call" or "seek" or "trust");
        if (terms[at + 1].Kind != TermKind.Word)
            return false;
        // "60 without the tip", "60 never works", "60 might do"
        if (at == 0 && (right[0] is "before" or "without" or "excluding" or "away" or "off" or "below" or "above" or "higher" or "lower" or "never" or "almost" or "nearly" or "hardly"
            or "might" or "may" or "could" or "should" or "would" or "ought" or "used" || (right[0] == "will" && right.At(1) is not ("be" or "do" or "work") && right.At(1).Length < 3)))
            return true;
        var verb = 0;
        while (s_adverbs.Contains(right.At(verb)))
            verb++;
        var word = right.At(verb);
        if (IsFault(right))
            return true;
        if (word is "is" or "was" or "equals" or "becomes" or "remains")
            return !IsPlainPredicate(terms, at + 1 + verb, right[(verb + 1)..]);
        if (word == "comes")
            return right.At(verb + 1) is not ("out" or "from" or "after") || IsFault(right);
        if (word is "has" or "does" or "needs")
            return right.Contains("wrong") || (word == "does" && right.At(verb + 1) == "not") || !right.Within(verb + 1, right.Length, w => w is "answer" or "right" or "correct" or "true" or "solution" or "not" or "it" or "job" || s_certain.Contains(w) || Lexicon.Fitness.Contains(w));
        if (at == 0 && !Units.IsNoun(word) && (right.Length == verb + 1 || right[verb + 1] is "to" or "by" or "with" or "in") && word is not ("needed" or "required" or "respectively" or "daily" or "weekly" or "monthly" or "hourly"))
            return true;
        return word.Length > 3 && word.EndsWith('s') && !word.EndsWith("ss", StringComparison.Ordinal) && !s_fits.Contains(word) && !terms[at].IsFormula
            && word is not ("others" or "always" or "times" or "perhaps" or "plus" or "minus");
    }

    /// <summary>Whether what is said of the number traces it to a fault ("60 rests on a false assumption").</summary>
    private static bool IsFault(string[] right) =>
        right.Within(2, 8, w => w is "error" or "mistake" or "misprint" or "typo" or "slip" or "premise" or "assumption" or "misreading") && !right.Contains("no") && !right.Contains("without") && !right.Contains("not");

    private static bool IsPlainPredicate(List<Term> terms, int verb, string[] predicate)
    {
        var start = 0;
        while (s_adverbs.Contains(predicate.At(start)))
            start++;
        var first = predicate.At(start);
        // "60 is what we get before the discount"
        if (first == "what" && predicate.Within(start, predicate.Length, w => w is "before" or "without" or "if" or "unless" or "until" or "would" or "first" or "with"))
            return false;
        if (first == "where" || predicate.Within(start, predicate.Length, w => w is "until"))
            return false;
        if (first is "" or "not" || s_verdicts.Contains(first) || terms.FindIndex(verb, Math.Min(4, terms.Count - verb), t => t.IsPossessive) > 0)
            return true;
        if (first is "a" or "an")
            return (Lexicon.Answers.Contains(predicate[^1]) && Array.TrueForAll(predicate[(start + 1)..^1], w => s_plain.Contains(w) || w is "possible" or "valid" or "the" or "of" or "root" or "to" or "our" or "common")) || predicate[^1] is "root" or "total" or "one" || Lexicon.Answers.Contains(predicate.At(start + 1)) || s_plain.Contains(predicate.At(start + 1));
        if (!s_determiners.Contains(first))
            return false;
        // "60 is the number you add"
        if (Array.FindIndex(predicate, w => Qualifiers.Computing.Contains(w)) is > 0 and var operation && predicate[operation - 1] is "you" or "we" or "i" or "be" or "must" or "to")
            return false;
        var names = predicate.Within(start, predicate.Length, w => Lexicon.Answers.Contains(w) || w is "value" or "total" or "asked");
        // "60 is my favorite number", "60 is the first part"
        if (!names && (first == "my" || Qualifiers.Numbering.Contains(predicate[^1])))
            return false;
        if (s_possible.Contains(predicate.At(start + 1)) && predicate.At(start + 2) is "it" or "we" or "i" or "one" or "you")
            return false;
        var answer = Array.FindIndex(predicate, start, w => w is "answer" or "result");
        return answer < 0 || Array.TrueForAll(predicate[(start + 1)..answer], w => s_plain.Contains(w) || w is "and" or "only") || predicate.Within(start, answer, w => w == "of");
    }

    /// <summary>Whether the subject is an answer of another kind, or something of the answer ("the usual answer is 60", "the answer approaches 60").</summary>
    private static bool IsOddAnswer(Clause clause)
    {
        var words = clause.IsEquated ? clause.Subject : Reversed(clause.Words);
        var answer = -1;
        for (var i = 0; i < words.Length && answer < 0; i++)
            answer = words[i] is "answer" or "result" ? i : -1;
        if (answer < 0 || words.At(answer + 1) is "key" or "sheet" || (words[answer] == "result" && words.At(answer - 1) is "a" or "as"))
            return false;
        for (var i = answer - 1; i >= 0 && !s_determiners.Contains(words[i]) && !Lexicon.Copulas.Contains(words[i]) && words[i] != "#"; i--)
        {
            if (!(s_plain.Contains(words[i]) || s_openers.Contains(words[i]) || s_certain.Contains(words[i]) || words[i] is "to" or "a" or "an" or "with" or "if"))
                return true;
        }

        var next = words.At(answer + 1);
        return next.Length > 0 && !s_behindAnswer.Contains(next) && !Lexicon.Copulas.Contains(next) && !IsEquation(words.From(answer + 1));
    }

    private static bool IsEquation(ClauseWords words) =>
        words.ContainsAny("comes", "amounts", "works", "turns", "evaluates", "simplifies", "reduces", "equal", "equals", "be", "is", "was", "gives", "totals", "out", "stands");

    private static ClauseWords Reversed(ClauseWords words)
    {
        var turned = new string[words.Length];
        for (var i = 0; i < turned.Length; i++)
            turned[i] = words[words.Length - 1 - i];
        return new ClauseWords(turned);
    }

    /// <summary>Whether a speaker says something else of the number than that it was found ("I would bet on 60").</summary>
    private static bool IsOddSpeech(ClauseWords left)
    {
        // "We seek 60", "this omits 60", "we withdraw the value 60"
        var verb = left.First is "value" or "number" && left.At(1) == "the" ? left.From(2) : left;
        if (verb.Length is 2 or 3 && verb[verb.Length - 1] is "we" or "this" && verb.First.Length > 1 && !IsFinding(verb.First))
            return true;
        var speaker = left.IndexOf("i");
        if (speaker < 0)
            speaker = left.IndexOf("we") is >= 0 and var we && we == left.Length - 1 && left.ContainsAny("get", "obtain", "find") ? we : -1;
        if (speaker < 0 || (Lexicon.Copulas.Contains(left.First) && left.IndexOf("i") < 0))
            return false;
        var said = left.To(speaker);
        // "I hope it is 60": what the speaker does is not in the clause that is hoped.
        var embedded = said.IndexOf("it");
        if (embedded > 0 && Lexicon.Copulas.Contains(said[embedded - 1]))
        {
            said = said.From(embedded + 1);
            return !said.ContainsAny(s_certain) && !said.ContainsAny("think", "believe", "say", "maintain", "claim") || said.ContainsAny("hard", "difficult", "trouble", "reluctant");
        }

        if (said.Contains("say") && !said.ContainsAny("would", "could", "might", "am", "to"))
            return false;
        if (said.ContainsAny("should", "ought", "like", "expected", "hoping"))
            return true;
        return !said.ContainsAny(s_certain) && left.First != "am" && !said.ContainsAny("have", "has", "is", "had", "want", "will", "put", "write", "choose", "pick", "think", "believe");
    }

    /// <summary>Whether a verb leads to what is found, or a word before the value says nothing of it.</summary>
    private static bool IsFinding(string word) => s_certain.Contains(word) || Lexicon.Verbs.Contains(word) || Lexicon.Copulas.Contains(word) || Lexicon.ResultVerbs.Contains(word)
        || Lexicon.Fillers.Contains(word) || s_adverbs.Contains(word) || word is "that" or "value" or "number" or "at" or "to" or "with" or "choose" or "pick" or "take" or "box" or "write" or "say";

    /// <summary>Whether "it is 60" hangs on words that do not say that it is so ("rumour has it that it is 60").</summary>
    private static bool IsOddReport(ClauseWords left)
    {
        var i = 0;
        while (Lexicon.Fillers.Contains(left.At(i)))
            i++;
        if (!Lexicon.Copulas.Contains(left.At(i)))
            return false;
        i++;
        if (left.At(i) is "answer" or "value" or "result" or "number" && left.At(i + 1) == "the")
            i += 2;
        else if (left.At(i) is "it" || (left.At(i).Length == 1 && left.At(i) != "#"))
            i++;
        else
            return false;
        if (left.Length == i + 1 && left[i] is "say" or "pretend" or "imagine")
            return true;
        if (left.Length <= i + 1 || left.At(i + 1) == "#")
            return false;
        // "There is a good chance it is 60"
        if (left.At(i) != "that")
            return left.At(i + 1).Length > 0 && (left.From(i + 1).ContainsAny("is", "are", "have", "has") || left[left.Length - 1] == "a") && left.From(i).ContainsAny("a", "the", "good", "my")
                && !left.From(i).ContainsAny(s_certain) && !left.From(i).ContainsAny("when", "if", "until", "before", "after", "how", "than", "what", "who");
        return !left.From(i + 1).ContainsAny(s_certain);
    }

    /// <summary>Whether the number stands behind a word or a preposition that makes no statement of it ("disregard 60", "up from 60").</summary>
    private static bool IsOddFragment(List<Term> terms, int at, Clause clause, string[] right)
    {
        if (at == 1 && terms.WordAt(0) is "replace" or "change" or "swap" or "delete" or "erase" or "strike" or "remove" or "substitute" or "exchange" or "correct" or "cross")
            return true;
        if (right.Length > 0)
            return false;
        var governor = clause.Governor;
        if (governor is "on" or "from" or "toward" or "towards" or "against" or "off" or "onto" or "beside")
            return !(governor == "on" && clause.Near(1, 2, "agree", "agrees", "agreed", "settle", "settled") || governor == "on" && clause.Near(1, 2, "lands", "land", "landed", "stops", "stopped", "falls", "fell"));
        if (clause.Words.Length != at || clause.Words.Length - clause.Skipped is not (1 or 2) || terms.FindIndex(at + 1, t => t.Kind == TermKind.Value) >= 0)
            return false;
        var start = clause.Words.At(clause.Words.Length - 1);
        if (clause.Words.Length - clause.Skipped == 2 && start is not ("please" or "just" or "simply" or "kindly"))
            return false;
        return governor.Length > 1 && !(s_openers.Contains(governor) || s_adverbs.Contains(governor) || s_plain.Contains(governor) || s_certain.Contains(governor) || Lexicon.Answers.Contains(governor)
            || Lexicon.Measures.Contains(governor) || Units.IsKnown(terms[at - 1].Written) || Lexicon.Copulas.Contains(governor) || Lexicon.Verbs.Contains(governor) || terms[at - 1].Written is [>= 'A' and <= 'Z', ..] && at > 1
            || governor is "must" or "should" or "namely" or "only" or "write" or "choice" or "option" or "to" or "you" or "#" or "equal" or "equals");
    }
}
