using System.Collections.Frozen;

namespace ParallelR1.Grading.Semantic.Sentences;

/// <summary>The words by which a sentence says more about a value than that it is the answer, in classes by what they do and where.</summary>
internal static class Lexicon
{
    /// <summary>Words between a word and its value that change nothing.</summary>
    public static readonly FrozenSet<string> Fillers = Words(
        "the a an exactly precisely just only simply also now then still actually indeed therefore thus hence already another additional extra " +
        "altogether full whole his her its their our my your these those total positive be equal");

    /// <summary>Directly before a value: approximations, bounds and exclusions.</summary>
    public static readonly FrozenSet<string> Before = Words(
        "about around approximately approx roughly nearly almost circa ca near over under above below beyond beneath outside within between than until till past example instance " +
        "exceeding exceeds exceed exceeded surpasses surpass approaches approach approaching " +
        "except excluding excepting excludes exclude besides without versus vs unlike any no not never neither nor none or either per hardly scarcely barely some every less");

    /// <summary>Directly before a bare number: what relates something else to it ("x divides 7"); things of a story may be contained or doubled.</summary>
    public static readonly FrozenSet<string> BeforeNumber = Words(
        "precedes follows divides contains includes include misses like modulo mod squares cubes doubles triples halves negates log ln sin cos tan half third quarter root sub base times");

    /// <summary>Words whose "to" does not lead to the value itself ("close to 7").</summary>
    public static readonly FrozenSet<string> BeforeTo = Words(
        "close closer closest near nearer nearest next up prior similar opposed opposite relative congruent coprime prime proportional inverse contrary " +
        "unequal added adjacent akin compared tends tend tending approximate approximately superior inferior rounds rounded rounding prefer " +
        "preferable not fails fail failed ceases ceased rumored rumoured comparable analogous related");

    /// <summary>Words whose "by" does not lead to the value itself ("divisible by 7").</summary>
    public static readonly FrozenSet<string> BeforeBy = Words(
        "divisible indivisible divided divide divides multiplied multiply bounded followed preceded replaced exceeded off away surpassed out");

    /// <summary>Words whose "from" does not lead to the value itself ("differs from 7").</summary>
    public static readonly FrozenSet<string> BeforeFrom = Words(
        "starting starts start beginning ranging counting onward onwards differs different differ distinct away far apart subtracted separate excluded aside other");

    /// <summary>Words whose "with" or "in" does not lead to a bare number ("ends with 7").</summary>
    public static readonly FrozenSet<string> BeforeWith = Words("starts begins ends start begin end starting beginning ending compared congruent incompatible inconsistent consistent compatible ended");

    /// <summary>Nouns whose "of" names the value itself ("a total of 7").</summary>
    public static readonly FrozenSet<string> Measures = Words(
        "total totals sum number amount amounts cost costs price value answer result solution profit loss balance average mean median mode distance length width height " +
        "weight area volume perimeter circumference speed velocity rate age time period group team population score grade difference discount increase decrease gain " +
        "salary income bill fee tax debt bonus savings change remainder probability chance odds ratio percentage radius diameter side angle slope depth mass capacity " +
        "consisting consists consist composed made worth payment payments expense expenses donation interest commission tip fine wage wages count turnover " +
        "elevation altitude temperature size thickness duration budget fund fortune surface coefficient degree charge equivalent figure quantity product quotient " +
        "tally excess deficit yield output input intake dose sample rating level sale sales revenue margin earning earnings pay rent deposit " +
        "reward prize allowance lead advantage gap reach span scale dimension base hypotenuse leg diagonal");

    /// <summary>Nouns whose "of" names something else than the value, whatever follows ("a multiple of 7").</summary>
    public static readonly FrozenSet<string> Relations = Words(
        "multiple multiples factor factors divisor divisors power powers percent percentage fraction part portion share digit digits one some none any most many few each " +
        "either neither rest instead short bound limit estimate approximation order complement negation logarithm log exponent neighbor neighbour function root roots " +
        "derivative integral conjugate square cube half third quarter fourth fifth sixth seventh eighth ninth tenth fifths quarters thirds reciprocal " +
        "inverse opposite negative double " +
        "twice triple minimum maximum upwards upward region vicinity out all predecessor successor sine cosine tangent factorial because ahead north south left " +
        "right both much lots majority minority kind sort all independent regardless irrespective exclusive exclusion outside inside rid clear wary free");

    /// <summary>Denials of the verb that follows them.</summary>
    public static readonly FrozenSet<string> Negations = Words("not never cannot nowhere hardly scarcely rarely");

    /// <summary>Subjects that deny their own sentence ("No root is 7").</summary>
    public static readonly FrozenSet<string> NegativeSubjects = Words("no none nothing nobody neither nor few without");

    /// <summary>Whatever is said after them is denied or doubted, up to the end of the clause.</summary>
    public static readonly FrozenSet<string> Doubts = Words(
        "maybe perhaps possibly probably presumably might supposedly allegedly whether unless suppose supposing assume assuming unsure uncertain unlikely doubt doubts doubtful " +
        "deny denies disprove disproves refute refutes contradicts tempting fallacy excluding if else otherwise hypothetically contradiction absurd kidding joking");

    /// <summary>Words for faults: what is said of the value is denied by them, unless they belong to things of the story ("his wrong answers cost him 7 points").</summary>
    public static readonly FrozenSet<string> Faults = Words("impossible false untrue wrong incorrect incorrectly wrongly mistakenly mistake mistaken erroneously");

    /// <summary>Verbs after which a bare number is what is not meant ("we reject 7").</summary>
    public static readonly FrozenSet<string> Exclusions = Words(
        "exclude excludes excluded discarding ignoring rejecting eliminating dismissing dropping omitting skipping reject rejects rejected discard " +
        "discards discarded eliminate eliminates eliminated avoid avoids ignore ignores lack lacks drop dismiss dismissed");

    /// <summary>Verbs of opinion: a denial of them denies what follows.</summary>
    public static readonly FrozenSet<string> Opinions = Words(
        "think believe know say claim suppose expect convinced persuaded confident convincing obvious so true case possible correct right likely certain sure mean imply follow conclude");

    /// <summary>Finite verbs that begin the main clause after a relative clause with a denial.</summary>
    public static readonly FrozenSet<string> Verbs = Words(
        "is are was were equals has have had will would does costs cost needs need takes took pays paid gets get got makes made gives gave sells sold " +
        "holds hold earns earned spends spent totals receives received becomes became remains remain contains includes weighs sums adds amounts comes works saves saved");

    /// <summary>Behind a value, adverbs and the like that bound, blur or deny it ("7 or more" has its own rule).</summary>
    public static readonly FrozenSet<string> After = Words(
        "approximately approx roughly ish upwards upward onwards onward minus plus max maximum minimum tops mod modulo " +
        "maybe perhaps possibly probably excluded unless if provided assuming depending something");

    /// <summary>Behind a bare number: what denies or changes it; things of a story may be wrong, or short ("7 girls with short hair").</summary>
    public static readonly FrozenSet<string> AfterNumber = Words(
        "false wrong incorrect invalid untrue impossible negative short percentile th nd rd st shy fails followed preceded");

    /// <summary>Behind "and" after a value ("7 and up").</summary>
    public static readonly FrozenSet<string> AfterAnd = Words(
        "up upwards above more over higher beyond below under less fewer lower down change something counting rising falling greater larger");

    /// <summary>What a sentence says of a number that is not the answer ("7 is a lower bound").</summary>
    public static readonly FrozenSet<string> Dismissals = Words(
        "wrong incorrect false impossible invalid excluded extraneous untrue rejected bound estimate approximation guess candidate distractor ruled " +
        "unknown unclear undetermined unlikely unattainable unreachable insufficient inadmissible " +
        "plausible likely possible conceivable uncertain questionable doubtful tentative provisional");

    /// <summary>Comparisons with which a predicate begins ("7 is less than the answer").</summary>
    public static readonly FrozenSet<string> Comparisons = Words(
        "too half twice double triple below above over under less more greater fewer larger smaller bigger close near nearly almost roughly " +
        "approximately about divisible one within beyond out off");

    /// <summary>Verbs that say of a number that it does what is asked.</summary>
    public static readonly FrozenSet<string> Fitness = Words("work works satisfy solve fit hold count apply suffice be equal qualify do match occur give meet answer");

    /// <summary>Verbs between a subject and what it is.</summary>
    public static readonly FrozenSet<string> Copulas = Words("is are was were be been being equals becomes became remains");

    /// <summary>Verbs between what is computed with and what comes out.</summary>
    public static readonly FrozenSet<string> ResultVerbs = Words(
        "gives gave makes leaves yields get gets totals obtain cost costs give make leave yield total hold holds need needs take takes produce produces weigh weighs");

    /// <summary>Words behind a capital letter that make it the subject of a sentence, and so no article.</summary>
    public static readonly FrozenSet<string> Predicates = Words("is are was were because since as has holds works fits and or with from by which");

    /// <summary>Nouns of which a gold answer may have several ("one of the solutions is 7").</summary>
    public static readonly FrozenSet<string> Candidates = Words("solutions roots answers values possibilities zeros candidates options choices");

    /// <summary>Words for what is asked.</summary>
    public static readonly FrozenSet<string> Answers = Words("answer result solution");

    /// <summary>Subjects of which a sentence speaks.</summary>
    public static readonly string[] Pronouns = ["she", "he", "they", "it", "we", "you", "there", "i"];

    /// <summary>Nouns that stand for a number ("the number before 7").</summary>
    public static readonly FrozenSet<string> Numbers = Words("integer integers number numbers prime primes square squares cube cubes multiple multiples one term digit natural");

    /// <summary>Words before a formula that is a condition of the sentence ("for n = 3").</summary>
    public static readonly FrozenSet<string> Conditions = Words("for when where with at since because if as");

    /// <summary>Words with which a condition begins.</summary>
    public static readonly FrozenSet<string> Conditionals = Words("if unless when whenever provided assuming suppose");

    /// <summary>Denials written without an apostrophe, and the verb they deny.</summary>
    public static readonly FrozenSet<string> Contractions = Words("isnt doesnt dont didnt wasnt arent werent wont cant couldnt shouldnt wouldnt hasnt havent hadnt aint");

    /// <summary>Whether a word makes any single letter or text beside it doubtful.</summary>
    public static bool IsHedge(string word) =>
        Negations.Contains(word) || NegativeSubjects.Contains(word) || Doubts.Contains(word) || Faults.Contains(word) || Exclusions.Contains(word)
        || word is "or" or "guess" or "either" or "than" or "but" or "except" or "both" or "any" or "about" or "approximately" or "roughly" or "almost" or "nearly" or "isn" or "opposite";

    /// <summary>A vocabulary: words with blanks between.</summary>
    public static FrozenSet<string> Words(string words) => FrozenSet.ToFrozenSet(words.Split(' '));
}
