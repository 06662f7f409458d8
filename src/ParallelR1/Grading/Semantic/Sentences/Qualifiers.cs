using System.Collections.Frozen;

namespace ParallelR1.Grading.Semantic.Sentences;

/// <summary>The vocabulary of <see cref="Qualification"/>: by kind what a sentence may say of a value instead of that it is the answer.</summary>
internal static class Qualifiers
{
    private const string ApproximateVerbs = "estimate approximate guess guesstimate reckon gauge extrapolate interpolate eyeball conjecture speculate surmise wager overestimate underestimate";

    private const string BoundVerbs = "cap* limit bound restrict confine constrain max";

    private const string RejectVerbs = "contradict violate discard dismiss disprove refute invalidate disqualify reject eliminate exclude discredit overturn retract withdraw disallow";

    private const string ErringVerbs = "forget* overlook neglect ignore omit skip* misread misinterpret misunderstand miscount miscalculate mistake confuse misapply misplace mishandle blunder err double-count";

    private const string SolverVerbs = "count sum total compute calculate convert round adjust correct simplify normalize truncate transform combine";

    private const string ComputeVerbs = "double triple treble quadruple halve square cube add subtract deduct multiply divide increase decrease reduce negate invert";

    /// <summary>Verbs that make what follows an approximation.</summary>
    public static readonly FrozenSet<string> Approximating = Inflections.OfVerbs(ApproximateVerbs + " hover hazard venture round", "rounding");

    /// <summary>Words in a subject, or behind a value, that make it an approximation.</summary>
    public static readonly FrozenSet<string> Approximate = FrozenSet.ToFrozenSet([
        .. Inflections.PastOf(ApproximateVerbs),
        .. Lexicon.Words("estimate estimates estimation approximation approximations approximate approximately guess guesses guesswork guesstimate ballpark rough roughly crude hunch reckoning " +
            "guessing luck conjecture extrapolation interpolation rounding rounded truncated inexact imprecise approx")]);

    /// <summary>Words behind a number that are no unit, since they say something of it.</summary>
    public static readonly FrozenSet<string> NoUnits = Lexicon.Words("estimated approximated approximate rounded ballpark double reversed backwards backward inverted flipped mirrored off inaccurate give for read could would should will wo used almost nearly ought");

    /// <summary>Singular verbs that are said of a number and count nothing ("7 seems plausible").</summary>
    public static readonly FrozenSet<string> SaidOfNumbers = FrozenSet.ToFrozenSet([
        .. Inflections.SingularOf(ApproximateVerbs + " seem appear feel come strike lie stay belong become serve represent require depend result rest stem arise"), .. Lexicon.Words("sounds looks goes")]);

    /// <summary>Verbs by which something speaks for a value, and labels nothing that is found.</summary>
    public static readonly FrozenSet<string> Suggesting = Inflections.OfVerbs("support suggest favor favour");

    /// <summary>Labels of what is no answer ("Given: 60").</summary>
    public static readonly FrozenSet<string> Remarks = Lexicon.Words("given input hint note remark alternative attempts page draft assumption");

    /// <summary>Verbs of proving.</summary>
    public static readonly FrozenSet<string> Proving = Lexicon.Words("show prove verify establish check confirm demonstrate");

    /// <summary>Nouns for what a solver writes.</summary>
    public static readonly FrozenSet<string> Writings = Lexicon.Words("proof argument solution author claim error we i theorem lemma derivation answer text calculation");

    /// <summary>Words in brackets behind a value that change it.</summary>
    public static readonly FrozenSet<string> Notes = Lexicon.Words(
        "estimate estimated estimation approximation approximated guess guessed ballpark rough crude upper lower least most minimum maximum min max limit under above below tentative provisional " +
        "unverified unsure partial interim preliminary reversed inverted negated squared cubed doubled halved excluded initially originally");

    /// <summary>Adverbs and adjectives of doubt directly before a value or "that" and "to be".</summary>
    public static readonly FrozenSet<string> Likely = Lexicon.Words("likely probable conceivable conceivably plausible imaginable thinkable hopefully seemingly apparently arguably ostensibly purportedly reportedly practically virtually");

    /// <summary>Verbs of appearance.</summary>
    public static readonly FrozenSet<string> Seeming = Inflections.OfVerbs("seem appear look sound feel", "felt");

    /// <summary>Participles behind which "to be" leads to an opinion ("is said to be 60"), or to what is over.</summary>
    public static readonly FrozenSet<string> SaidToBe = Inflections.PastOf(
        "believe claim assume expect suppose rumor rumour report allege presume guess estimate suspect fear consider imagine reckon use project anticipate predict intend", "said thought meant");

    /// <summary>Things that give answers of their own.</summary>
    public static readonly FrozenSet<string> Sources = Lexicon.Words("book textbook manual key internet website web calculator chatgpt teacher friend classmate colleague neighbor neighbour brother sister " +
        "student students people someone somebody everybody everyone others author reader readers tutor professor bot forum wikipedia blog video");

    /// <summary>What such a source says, as a noun.</summary>
    public static readonly FrozenSet<string> Sayings = Lexicon.Words("answer result solution guess claim opinion view suggestion estimate proposal response reply attempt conclusion");

    /// <summary>Nouns that offer one value among others.</summary>
    public static readonly FrozenSet<string> Offers = Lexicon.Words("example instance sample candidate suggestion possibility proposal");

    /// <summary>What is bounded, or bounds.</summary>
    public static readonly FrozenSet<string> Bounding = FrozenSet.ToFrozenSet([
        .. Inflections.PastOf(BoundVerbs, "bounded capping topping tops topped maxes maxing bottoms bottoming peaking limiting constrained")]);

    /// <summary>Nouns that are bounds.</summary>
    public static readonly FrozenSet<string> Bounds = Lexicon.Words("bound bounds ceiling cap cutoff threshold");

    /// <summary>Nouns that are bounds behind "upper", "lower" and the like.</summary>
    public static readonly FrozenSet<string> Ends = Lexicon.Words("limit limits bound bounds estimate end ceiling threshold cutoff cap edge");

    /// <summary>Verbs of going beyond, whose object is another value.</summary>
    public static readonly FrozenSet<string> Exceeding = Inflections.OfVerbs("exceed surpass outstrip* outnumber transcend top* outdo outrun eclipse overshoot undershoot miss dwarf", "overshot undershot outran outdid");

    /// <summary>Verbs by which a value, as the subject, is refused.</summary>
    public static readonly FrozenSet<string> Refusing = Inflections.SingularOf(
        "contradict violate fail conflict clash disagree break breach overcount undercount overestimate underestimate overstate understate overshoot undershoot exceed " +
        "miss overlook ignore neglect disregard omit forget flout double-count");

    /// <summary>Participles by which a value is refused.</summary>
    public static readonly FrozenSet<string> Refused = Inflections.PastOf(RejectVerbs + " rule drop* cross scrap* debunk falsify", "thrown ruled withdrawn forbidden overturned unsuitable unacceptable inconsistent incompatible");

    /// <summary>Verbs of refusal with "we" as their subject.</summary>
    public static readonly FrozenSet<string> Refuse = Inflections.OfVerbs(RejectVerbs + " refuse", "withdrew withdrawn");

    /// <summary>Words for what is wrong, in a remark behind a value.</summary>
    public static readonly FrozenSet<string> Faulty = Lexicon.Words(
        "wrong incorrect false invalid mistaken mistake mistakes error errors erroneous untrue flawed miscalculated miscounted misread different disagree disagrees differ differs inaccurate off " +
        "overcounts undercounts overestimates underestimates nonsense typo misprint unjustified lower higher smaller larger bigger greater less fewer more another else");

    /// <summary>Verbs of computation and their forms.</summary>
    public static readonly FrozenSet<string> Computing = Inflections.OfVerbs(ComputeVerbs);

    /// <summary>Participles whose object goes into a computation ("after removing 60").</summary>
    public static readonly FrozenSet<string> Operating = Lexicon.Words("removing subtracting deducting deleting adding multiplying dividing withdrawing discounting taking");

    /// <summary>Participles of computation ("60 must be subtracted").</summary>
    public static readonly FrozenSet<string> Computed = Inflections.PastOf(ComputeVerbs + " remove");

    /// <summary>Participles of what a solver does with a value ("60 must be converted").</summary>
    public static readonly FrozenSet<string> Work = Inflections.PastOf(ComputeVerbs + " " + SolverVerbs + " remove include verify check examine consider determine account", "taken done found solved handled treated covered");

    /// <summary>The same as nouns ("60 needs doubling").</summary>
    public static readonly FrozenSet<string> WorkInProgress = Inflections.ParticipleOf(ComputeVerbs + " " + SolverVerbs);

    /// <summary>The same as requests ("60, then halve it").</summary>
    public static readonly FrozenSet<string> WorkToDo = Inflections.BaseOf(ComputeVerbs + " convert round adjust");

    /// <summary>Verbs of mistakes.</summary>
    public static readonly FrozenSet<string> Erring = Inflections.OfVerbs(ErringVerbs, "forgot forgotten mistook mistaken misunderstood careless carelessly");

    /// <summary>Adjectives for one who errs.</summary>
    public static readonly FrozenSet<string> Careless = Lexicon.Words("careless naive hasty inattentive sloppy superficial confused inexperienced");

    /// <summary>Those who solve problems.</summary>
    public static readonly FrozenSet<string> Solvers = Lexicon.Words("reader readers student students solver solvers person people calculation computation approach count attempt method reading mistake error argument reasoning analysis");

    /// <summary>Words behind the answer that compute with it ("the answer divided by 4").</summary>
    public static readonly FrozenSet<string> AppliedToAnswer = FrozenSet.ToFrozenSet([.. Inflections.PastOf(ComputeVerbs), .. Lexicon.Words("plus minus times over less modulo mod raised diminished taken")]);

    /// <summary>Nouns that differ by a value from what is right.</summary>
    public static readonly FrozenSet<string> Deviations = Lexicon.Words("error mistake discrepancy deviation inaccuracy uncertainty difference distance gap");

    /// <summary>Participles of what is done to the digits or the sign of a value.</summary>
    public static readonly FrozenSet<string> Altering = Inflections.PastOf("reverse swap* flip* interchange exchange invert transpose rearrange permute append prepend truncate negate switch mirror scramble shuffle");

    /// <summary>Nouns that number the parts of a text.</summary>
    public static readonly FrozenSet<string> Numbered = Lexicon.Words("problem question exercise equation theorem lemma formula proposition corollary appendix footnote attempt try");

    /// <summary>Nouns that number the parts of a text, or things of the story.</summary>
    public static readonly FrozenSet<string> Numbering = FrozenSet.ToFrozenSet([.. Numbered, .. Lexicon.Words("page line case step section chapter figure table example method item part")]);

    /// <summary>Nouns before a number that only counts something through ("step 2", "day 3").</summary>
    public static readonly FrozenSet<string> Counters = FrozenSet.ToFrozenSet([.. Numbering, .. Lexicon.Words("day week month round")]);

    /// <summary>Verbs of looking through.</summary>
    public static readonly FrozenSet<string> Trying = Lexicon.Words("tried tested checked examined verified inspected attempted enumerated investigated reviewed");

    /// <summary>What one looks through.</summary>
    public static readonly FrozenSet<string> Trials = Lexicon.Words("case cases possibility possibilities example examples value values method methods way ways approach approaches attempt attempts combination combinations candidate candidates option options tries");

    /// <summary>Nouns and adverbs at the head of a subject that is computed from something.</summary>
    public static readonly FrozenSet<string> Functions = Lexicon.Words(
        "square cube reciprocal inverse opposite negative negation double triple half twice thrice quadruple logarithm log factorial exponential complement supplement cosine sine tangent " +
        "successor predecessor third quarter fourth fifth sixth seventh eighth ninth tenth");

    /// <summary>The same, and what computes.</summary>
    public static readonly FrozenSet<string> Operations = FrozenSet.ToFrozenSet([.. Functions, .. Inflections.PastOf(ComputeVerbs), .. Inflections.ParticipleOf(ComputeVerbs), .. Lexicon.Words("root cubed squared digits")]);

    /// <summary>Adjectives for what is asked.</summary>
    public static readonly FrozenSet<string> Wanted = Lexicon.Words("desired required sought wanted requested unknown correct true actual real final target needed original");

    /// <summary>Nouns for what is asked, behind such an adjective.</summary>
    public static readonly FrozenSet<string> Quantities = Lexicon.Words("number value quantity amount figure count total integer answer result solution sum quotient expression one");

    /// <summary>Adjectives for an answer that another one has replaced, or will.</summary>
    public static readonly FrozenSet<string> Provisional = Lexicon.Words(
        "naive common first initial previous preliminary rough approximate intuitive supposed apparent typical earlier old wrong incorrect mistaken false tentative provisional " +
        "original obvious tempting flawed expected usual popular claimed trap interim intermediate partial");

    /// <summary>Adjectives for what is only a part of the way.</summary>
    public static readonly FrozenSet<string> Intermediate = Lexicon.Words("subtotal partial intermediate interim preliminary provisional midway halfway running");

    /// <summary>Parts of a computation.</summary>
    public static readonly FrozenSet<string> Steps = Lexicon.Words("step stage iteration pass phase");

    /// <summary>Adverbs by which the speaker means an earlier opinion.</summary>
    public static readonly FrozenSet<string> Formerly = Lexicon.Words("originally initially previously formerly earlier first once before");

    /// <summary>Verbs by which a speaker had a value.</summary>
    public static readonly FrozenSet<string> HadAnswer = Lexicon.Words("had got found thought said wrote answered guessed believed computed obtained calculated claimed assumed derived put gave figured was were came counted arrived");

    /// <summary>Verbs of opinion and report.</summary>
    public static readonly FrozenSet<string> Reporting = Inflections.OfVerbs(
        "claim believe argue assert insist guess suspect suggest report maintain estimate allege reckon conjecture assume expect predict imagine feel swear contend " +
        "propose declare announce suppose wager",
        "say says said think thinks thought felt swore tell tells told writes wrote answered bets stated states contends holds figured");

    /// <summary>Subjects whose report is a fact: what they say holds.</summary>
    public static readonly FrozenSet<string> Authorities = Lexicon.Words(
        "theorem formula formulas rule law lemma equation equations problem question statement graph table calculation computation identity inequality principle definition condition " +
        "conditions diagram figure chart clock scale meter sign label proof result corollary hint information induction symmetry pythagoras vieta euler fermat bayes heron pick cauchy schedule recipe");

    /// <summary>Subjects that stand for such a fact, or for the speaker.</summary>
    public static readonly FrozenSet<string> Speakers = Lexicon.Words("i we this that which it");

    /// <summary>Verbs of intention, behind which "to" leads to what is not yet so.</summary>
    public static readonly FrozenSet<string> Intending = Inflections.OfVerbs("hope wish aim intend aspire strive attempt dream plan* want try long", "tries");

    /// <summary>Behind a value: the beginning of a condition.</summary>
    public static readonly FrozenSet<string> Conditional = Lexicon.Words("provided providing assuming supposing granted contingent conditional pending subject unless except depending barring");
}
