using System.Text.RegularExpressions;
using ParallelR1.Data.Synthetic;

namespace ParallelR1.Tests.Data.Synthetic;

public sealed partial class SyntheticProblemsTests
{
    private static readonly Regex Word = new(string.Join('|', Words.Names.Concat(Words.Things)));

    public static TheoryData<SyntheticDifficulty, SyntheticSplit> Sets => new()
    {
        { SyntheticDifficulty.Easy, SyntheticSplit.Train },
        { SyntheticDifficulty.Easy, SyntheticSplit.Test },
        { SyntheticDifficulty.Hard, SyntheticSplit.Train },
        { SyntheticDifficulty.Hard, SyntheticSplit.Test },
    };

    [Theory]
    [MemberData(nameof(Sets))]
    public void Every_equation_of_every_route_holds_and_the_routes_end_at_the_answer(SyntheticDifficulty difficulty, SyntheticSplit split)
    {
        foreach (var problem in SyntheticProblems.Stream(difficulty, split, RandomKey.FromSeed(1)).Take(1000))
        {
            foreach (var route in new[] { problem.First, problem.Second })
            {
                Assert.NotEmpty(route.Lines);
                Assert.All(route.Lines, Holds);
                Assert.Equal(problem.Answer, route.Result);
                Assert.EndsWith($"\nso {problem.Answer}", route.Text, StringComparison.Ordinal);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void The_routes_of_a_problem_are_different_calculations(SyntheticDifficulty difficulty, SyntheticSplit split)
    {
        foreach (var problem in SyntheticProblems.Stream(difficulty, split, RandomKey.FromSeed(2)).Take(1000))
        {
            Assert.NotEqual(problem.First.Name, problem.Second.Name);
            Assert.NotEqual(problem.First.Lines, problem.Second.Lines);
        }
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void Every_kind_of_the_difficulty_comes_up(SyntheticDifficulty difficulty, SyntheticSplit split)
    {
        var kinds = SyntheticProblems.Stream(difficulty, split, RandomKey.FromSeed(3)).Take(2000).CountBy(x => x.Kind).ToDictionary();

        Assert.Equal(SyntheticProblems.Kinds(difficulty).Order(), kinds.Keys.Order());
        Assert.All(kinds.Values, count => Assert.True(count > 20));
    }

    [Theory]
    [InlineData(SyntheticDifficulty.Easy)]
    [InlineData(SyntheticDifficulty.Hard)]
    public void No_test_problem_is_a_training_problem_of_any_seed_even_under_other_names(SyntheticDifficulty difficulty)
    {
        var train = new HashSet<string>();
        foreach (var seed in new[] { 1, 2 })
            train.UnionWith(SyntheticProblems.Stream(difficulty, SyntheticSplit.Train, RandomKey.FromSeed(seed)).Take(8000).Select(Core));

        var test = SyntheticProblems.Stream(difficulty, SyntheticSplit.Test, RandomKey.FromSeed(3)).Take(2000).Select(Core);

        Assert.DoesNotContain(test, train.Contains);
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void The_same_key_gives_the_same_problem_and_solutions(SyntheticDifficulty difficulty, SyntheticSplit split)
    {
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
        var problem = SyntheticProblems.Draw(SyntheticDifficulty.Easy, SyntheticSplit.Train, RandomKey.FromSeed(5));
        var keys = Enumerable.Range(0, 64).Select(i => RandomKey.FromSeed(6).Fold(i)).ToArray();

        Assert.Equal(2, keys.Select(problem.Sequential).Distinct().Count());
        Assert.Equal(2, keys.Select(problem.Parallel).Distinct().Count());
    }

    [Fact]
    public void A_parallel_solution_has_the_canonical_layout()
    {
        var problem = SyntheticProblems.Draw(SyntheticDifficulty.Easy, SyntheticSplit.Train, RandomKey.FromSeed(7));

        Assert.Matches(
            $@"^<Parallel><Path>[^<]+</Path><Path>[^<]+</Path></Parallel>\n<Summary>[^<]+</Summary>\n\nFinal Answer: {problem.Answer}$",
            problem.Parallel(RandomKey.FromSeed(8)));
        Assert.DoesNotContain('<', problem.Sequential(RandomKey.FromSeed(8)));
    }

    // What is left of a text when names, things and the sentences that do not matter are taken out.
    private static string Core(SyntheticProblem problem) => Word.Replace(Irrelevant().Replace(problem.Text, ""), "_");

    private static void Holds(string line)
    {
        var sides = line.Split('=');
        Assert.Equal(2, sides.Length);
        Assert.Equal(Value(sides[0]), Value(sides[1]));
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

    [GeneratedRegex(@"(?<sign>[+-]?)(?<a>\d+)((?<by>[*/])(?<b>\d+))?")]
    private static partial Regex Term();

    [GeneratedRegex(@"\w+ is \d+ years old\.|\w+ lives at number \d+\.|It took \d+ minutes\.|\w+ wears a shirt with number \d+\.")]
    private static partial Regex Irrelevant();
}
