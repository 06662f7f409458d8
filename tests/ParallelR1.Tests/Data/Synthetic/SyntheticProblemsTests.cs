using System.Text.RegularExpressions;
using ParallelR1.Data;
using ParallelR1.Data.Synthetic;
using ParallelR1.Thinking;

namespace ParallelR1.Tests.Data.Synthetic;

public sealed partial class SyntheticProblemsTests
{
    private static readonly Regex Word = new(string.Join('|', Words.Names.Concat(Words.Things)));

    public static TheoryData<string> Sets =>
        ["synthetic-easy-train", "synthetic-easy-test", "synthetic-hard-train", "synthetic-hard-test", "synthetic-hard-validation"];

    [Theory]
    [MemberData(nameof(Sets))]
    public void Every_equation_and_verdict_of_every_route_holds_and_the_routes_end_at_the_answer(string set)
    {
        foreach (var problem in Stream(set, RandomKey.FromSeed(1)).Take(1000))
        {
            foreach (var route in new[] { problem.First, problem.Second })
            {
                Assert.NotEmpty(route.Lines);
                Assert.All(route.Lines, Holds);
                Assert.All(route.Lines, line => DivisionHolds(problem, line));
                Assert.Equal(problem.Answer, route.Result);
                Assert.EndsWith($"\nso {problem.Answer}", route.Text, StringComparison.Ordinal);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void The_routes_of_a_problem_are_different_calculations(string set)
    {
        foreach (var problem in Stream(set, RandomKey.FromSeed(2)).Take(1000))
        {
            Assert.NotEqual(problem.First.Name, problem.Second.Name);
            Assert.NotEqual(problem.First.Lines, problem.Second.Lines);
        }
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void Every_kind_of_the_difficulty_comes_up(string set)
    {
        var kinds = Stream(set, RandomKey.FromSeed(3)).Take(2000).CountBy(x => x.Kind).ToDictionary();

        Assert.Equal(SyntheticProblems.Kinds(KnownSet.DifficultyAndSplit(set).Difficulty).Order(), kinds.Keys.Order());
        Assert.All(kinds.Values, count => Assert.True(count > 20));
    }

    [Theory]
    [InlineData("synthetic-easy-test")]
    [InlineData("synthetic-hard-test")]
    [InlineData("synthetic-hard-validation")]
    public void No_held_out_problem_is_a_training_problem_of_any_seed_even_under_other_names(string set)
    {
        var train = new HashSet<string>();
        foreach (var (seed, trained) in new[] { (1, SyntheticDifficulty.Easy), (1, SyntheticDifficulty.Hard), (2, SyntheticDifficulty.Easy), (2, SyntheticDifficulty.Hard) })
            train.UnionWith(SyntheticProblems.Stream(trained, SyntheticSplit.Train, RandomKey.FromSeed(seed)).Take(8000).Select(Core));

        var heldOut = Stream(set, RandomKey.FromSeed(3)).Take(2000).Select(Core);

        Assert.DoesNotContain(heldOut, train.Contains);
    }

    [Fact]
    public void No_test_problem_is_a_validation_problem()
    {
        var validation = SyntheticProblems.Stream(SyntheticDifficulty.Hard, SyntheticSplit.Validation, RandomKey.FromSeed(1)).Take(8000).Select(Core).ToHashSet();

        Assert.DoesNotContain(SyntheticProblems.Stream(SyntheticDifficulty.Hard, SyntheticSplit.Test, RandomKey.FromSeed(3)).Take(2000).Select(Core), validation.Contains);
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void The_same_key_gives_the_same_problem_and_solutions(string set)
    {
        var (difficulty, split) = KnownSet.DifficultyAndSplit(set);
        for (var seed = 0; seed < 200; seed++)
        {
            var key = RandomKey.FromSeed(seed);

            var (one, again) = (SyntheticProblems.Draw(difficulty, split, key), SyntheticProblems.Draw(difficulty, split, key));

            Assert.Equal(one.Text, again.Text);
            Assert.Equal(one.Parallel(key), again.Parallel(key));
            Assert.Equal(one.Sequential(key), again.Sequential(key));
        }
    }

    [Fact]
    public void Distinct_problems_have_distinct_texts()
    {
        var texts = SyntheticProblems.Distinct(SyntheticDifficulty.Hard, SyntheticSplit.Train, RandomKey.FromSeed(4), 5000).Select(x => x.Text);

        Assert.Equal(5000, texts.Distinct().Count());
    }

    [Fact]
    public void Both_routes_appear_among_sequential_solutions_and_in_either_order_among_parallel_ones()
    {
        var problem = Easy(5).First(x => x.Search is null);
        var keys = Enumerable.Range(0, 64).Select(i => RandomKey.FromSeed(6).Fold(i)).ToArray();

        Assert.Equal(2, keys.Select(problem.Sequential).Distinct().Count());
        Assert.Equal(2, keys.Select(key => Path().Match(problem.Parallel(key)).Value).Distinct().Count());
    }

    [Fact]
    public void A_search_without_tags_goes_straight_through_its_range_or_in_slices_one_after_the_other()
    {
        var problem = Easy(5).First(x => x.Search is not null);
        var keys = Enumerable.Range(0, 64).Select(i => RandomKey.FromSeed(6).Fold(i)).ToArray();

        var straight = keys.Where(key => problem.Sequential(key) == SyntheticProblem.Sequential(problem.First)).ToArray();

        Assert.InRange(straight.Length, 16, 48);
        Assert.All(keys.Except(straight), key => Assert.Equal(problem.Parallel(key, SolutionForm.Sequential), problem.Sequential(key)));
    }

    [Theory]
    [InlineData("synthetic-easy-train")]
    [InlineData("synthetic-hard-train")]
    public void The_slices_of_a_search_cover_its_range_in_order_and_come_to_the_answer(string set)
    {
        foreach (var problem in Stream(set, RandomKey.FromSeed(9)).Where(x => x.Search is not null).Take(500))
        {
            var search = problem.Search!;
            foreach (var length in new[] { 1, 3, 4, 100 })
            {
                var slices = search.Slices(length);

                Assert.All(slices.SkipLast(1), s => Assert.Equal(length, s.To - s.From + 1));
                Assert.Equal(Enumerable.Range(search.Low, search.Length), slices.SelectMany(s => Enumerable.Range(s.From, s.To - s.From + 1)));
                Assert.All(slices, s => Assert.True(s.From <= s.To));
                Assert.Equal(problem.Answer, search.Join([.. slices.Select(s => search.Scan(s.From, s.To).Result)]).Result);
            }
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_parallel_solution_is_well_formed_and_has_two_to_four_paths(bool numbered)
    {
        var counts = new SortedSet<int>();
        var (early, late, fails) = (0, 0, 0);
        foreach (var (problem, i) in Easy(7).Take(400).Select((x, i) => (x, i)))
        {
            var text = problem.Parallel(RandomKey.FromSeed(8).Fold(i), numbered ? SolutionForm.Numbered : SolutionForm.Parallel);

            Assert.Matches($@"</Path></Parallel>\n<Summary>[^<]+</Summary>\n\nFinal Answer: {problem.Answer}$", text);
            Assert.True(FormatValidator.Check(text).IsValid);
            var paths = Path().Matches(text).Select(m => m.Groups[1].Value).ToArray();
            counts.Add(paths.Length);
            Assert.Equal(numbered, paths.Select((path, p) => path.StartsWith($"{p + 1}\n", StringComparison.Ordinal)).All(x => x));
            early += problem.Search is null && text.StartsWith("<Parallel>", StringComparison.Ordinal) ? 1 : 0;
            late += problem.Search is null && !text.StartsWith("<Parallel>", StringComparison.Ordinal) ? 1 : 0;
            fails += paths.Any(path => path.EndsWith("so none", StringComparison.Ordinal)) ? 1 : 0;
        }

        Assert.Equal([2, 3, 4], counts);
        Assert.True(early > 40 && late > 40 && fails > 40, $"{early} blocks first, {late} later, {fails} with a path that finds nothing");
    }

    [Fact]
    public void All_forms_of_a_solution_hold_the_same_lines()
    {
        foreach (var (problem, i) in Easy(7).Where(x => x.Search is not null).Take(100).Select((x, i) => (x, i)))
        {
            var key = RandomKey.FromSeed(8).Fold(i);
            var sequential = problem.Parallel(key, SolutionForm.Sequential);

            var numbered = problem.Parallel(key, SolutionForm.Numbered);
            Assert.DoesNotContain('<', sequential);
            Assert.Equal(Ordinals().Count(numbered.AsSpan(0, numbered.IndexOf('<'))), Ordinal().Count(sequential));
            Assert.Equal(ScanLine().Matches(problem.Parallel(key)).Select(m => m.Value), ScanLine().Matches(sequential).Select(m => m.Value));
            Assert.Equal(ScanLine().Matches(numbered).Select(m => m.Value), ScanLine().Matches(sequential).Select(m => m.Value));
        }
    }

    private static IEnumerable<SyntheticProblem> Easy(long seed) => Stream("synthetic-easy-train", RandomKey.FromSeed(seed));

    private static IEnumerable<SyntheticProblem> Stream(string set, RandomKey key)
    {
        var (difficulty, split) = KnownSet.DifficultyAndSplit(set);
        return SyntheticProblems.Stream(difficulty, split, key);
    }

    // What is left of a text when names, things and the sentences that do not matter are taken out.
    private static string Core(SyntheticProblem problem) => Word.Replace(Irrelevant().Replace(problem.Text, ""), "_");

    // An equation, or several, or a division "q*d+r" of a number that stands before it or in the problem; then perhaps what is wanted and a verdict.
    private static void Holds(string line)
    {
        if (line.StartsWith("so ", StringComparison.Ordinal) || Slice().IsMatch(line) || Quoted().IsMatch(line))
            return;
        var text = ScanStart().Replace(line, "");
        foreach (Match trial in Trial().Matches(text))
        {
            var value = trial.Groups["r"].Success ? int.Parse(trial.Groups["r"].Value) : int.Parse(trial.Groups["result"].Value);
            Assert.Equal(value == int.Parse(trial.Groups["want"].Value), trial.Groups["verdict"].Value is not "no");
        }

        var equations = Equation().Matches(text);
        foreach (Match equation in equations)
        {
            var sides = equation.Value.Split('=');
            Assert.Equal(Value(sides[0]), Value(sides[1]));
        }

        Assert.True(equations.Count > 0 || Divided().IsMatch(text), line);
    }

    // In a search a division is of the number looked at, or by it.
    private static void DivisionHolds(SyntheticProblem problem, string line)
    {
        if (Division().Match(line) is not { Success: true } match)
            return;
        int[] n = [.. match.Groups.Values.Skip(1).Select(g => int.Parse(g.Value))];
        var (x, quotient, divisor, remainder) = (n[0], n[1], n[2], n[3]);
        Assert.InRange(remainder, 0, divisor - 1);
        var dividend = quotient * divisor + remainder;
        Assert.True(dividend == x || (divisor == x && Regex.IsMatch(problem.Text, $@"\b{dividend}\b")), line);
    }

    private static int Value(string expression)
    {
        var sum = 0;
        foreach (Match term in Term().Matches(expression))
        {
            var value = int.Parse(term.Groups["a"].Value);
            if (term.Groups["b"] is { Success: true } factor)
                value = term.Groups["by"].Value == "*" ? value * int.Parse(factor.Value) : Exactly(value, int.Parse(factor.Value));
            sum += term.Groups["sign"].Value == "-" ? -value : value;
        }

        return sum;
    }

    private static int Exactly(int a, int b)
    {
        Assert.Equal(0, a % b);
        return a / b;
    }

    [GeneratedRegex("<Path>([^<]*)</Path>")]
    private static partial Regex Path();

    [GeneratedRegex(@"(?m)^\d:")]
    private static partial Regex Ordinals();

    [GeneratedRegex(@"(?m)^\d$")]
    private static partial Regex Ordinal();

    [GeneratedRegex(@"\d+of\d+:[^\n<]*")]
    private static partial Regex ScanLine();

    [GeneratedRegex(@"^\d+of\d+:")]
    private static partial Regex ScanStart();

    [GeneratedRegex(@"^\d+-\d+:$")]
    private static partial Regex Slice();

    [GeneratedRegex(@"^(none|\d+)( and (none|\d+))+$")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"(\d+\*\d+\+(?<r>\d+)|=(?<result>\d+)) want(?<want>\d+) (?<verdict>yes|no|and)")]
    private static partial Regex Trial();

    [GeneratedRegex(@"[\d+*/-]+=\d+")]
    private static partial Regex Equation();

    [GeneratedRegex(@"^(\d+)of\d+:(\d+)\*(\d+)\+(\d+)")]
    private static partial Regex Division();

    [GeneratedRegex(@"^\d+\*\d+\+\d+")]
    private static partial Regex Divided();

    [GeneratedRegex(@"(?<sign>[+-]?)(?<a>\d+)((?<by>[*/])(?<b>\d+))?")]
    private static partial Regex Term();

    [GeneratedRegex(@"\w+ is \d+ years old\.|\w+ lives at number \d+\.|It took \d+ minutes\.|\w+ wears a shirt with number \d+\.")]
    private static partial Regex Irrelevant();
}
