using ParallelR1.Grading;

namespace ParallelR1.Tests.Grading;

/// <summary>Measures the semantic grader on sets of pairs, prints the figures by kind, and holds the bars.</summary>
public class GradingBarsTests(ITestOutputHelper output)
{
    [Fact]
    public void The_fresh_pairs_are_met_in_all_and_in_every_kind_with_next_to_no_false_positives()
    {
        var kinds = Measure(GradingCases.Pairs(Path.Combine(Fixtures.Folder("grading-fresh"), "pairs.jsonl")));
        var pairs = kinds.Values.Sum(k => k.Pairs);
        Assert.True(kinds.Values.Sum(k => k.Agreed) >= 0.98 * pairs);
        Assert.True(kinds.Values.Sum(k => k.FalsePositives) <= 0.002 * pairs);
        Assert.All(kinds.Where(k => k.Value.Pairs >= 20), k => Assert.True(k.Value.Share >= 0.9, k.ToString()));
        var small = kinds.Values.Where(k => k.Pairs < 20).ToArray();
        Assert.True(small.Sum(k => k.Agreed) >= 0.95 * small.Sum(k => k.Pairs));
    }

    [Fact]
    public void The_last_lines_of_GSM8K_solutions_state_their_gold_and_no_other()
    {
        var kinds = Measure(GradingCases.Gsm8k(Fixtures.DataFile("gsm8k-train.jsonl")).Concat(GradingCases.Gsm8k(Fixtures.DataFile("gsm8k-test.jsonl"))));
        Assert.All(kinds, k => Assert.True(k.Value.Share >= 0.98, k.ToString()));
        Assert.Equal(0, kinds.Values.Sum(k => k.FalsePositives));
    }

    [Fact]
    public void Every_MATH_gold_is_found_in_known_wordings_and_the_next_gold_is_not()
    {
        var kinds = Measure(GradingCases.Math(Fixtures.DataFile("math-test.jsonl")));
        Assert.All(kinds, k => Assert.True(k.Value.Share >= 0.99, k.ToString()));
        Assert.Equal(0, kinds.Values.Sum(k => k.FalsePositives));
    }

    private SortedDictionary<string, Figures> Measure(IEnumerable<GradingCase> cases)
    {
        var grader = new SemanticGrader();
        var kinds = new SortedDictionary<string, Figures>(StringComparer.Ordinal);
        foreach (var pair in cases)
        {
            if (!kinds.TryGetValue(pair.Kind, out var figures))
                kinds[pair.Kind] = figures = new Figures();
            var grade = grader.Grade(pair.Response, pair.Answer);
            figures.Add(pair, grade);
            if (grade.IsCorrect != pair.IsCorrect)
                output.WriteLine($"{pair.Kind}: {grade} for {pair.Answer}; {pair.Source}");
        }

        foreach (var (name, figures) in kinds)
            output.WriteLine($"| {name} | {figures} |");
        return kinds;
    }

    private sealed class Figures
    {
        public int Pairs { get; private set; }

        public int Agreed { get; private set; }

        public int FalsePositives { get; private set; }

        public int Undecided { get; private set; }

        public double Share => (double)Agreed / Pairs;

        public void Add(GradingCase pair, Grade grade)
        {
            Pairs++;
            Agreed += grade.IsCorrect == pair.IsCorrect ? 1 : 0;
            FalsePositives += grade.IsCorrect && !pair.IsCorrect ? 1 : 0;
            Undecided += grade.Verdict == Verdict.Undecided ? 1 : 0;
        }

        public override string ToString() => FormattableString.Invariant($"{Pairs} | {100 * Share:F1} % | {FalsePositives} | {Undecided}");
    }
}
