using ParallelR1.Data.Synthetic;
using ParallelR1.Evaluation;
using ParallelR1.Evaluation.Arms;
using ParallelR1.Grading;
using ParallelR1.Tests.EndToEnd;
using ParallelR1.Thinking;
using ParallelR1.Training;

namespace ParallelR1.Tests.Evaluation.Arms;

public sealed class SolutionLengthsTests : IDisposable
{
    private readonly TinyRuns _runs = new();

    public void Dispose() => _runs.Dispose();

    [Fact]
    public void Every_cut_of_every_problem_solves_it()
    {
        var suite = EvaluationSuite.Load("synthetic-hard-validation", limit: 24);
        var grader = Graders.ByName("strict");

        var solutions = SyntheticSolutions.Of(suite.Name, suite.Problems, paths: 4, numbered: true)!;

        Assert.All(suite.Problems.Zip(solutions), pair =>
            Assert.All([.. pair.Second.Straight, .. pair.Second.Sliced, .. pair.Second.Blocks], text => Assert.True(grader.Grade(text, pair.First.Answer).IsCorrect, text)));
        Assert.All(solutions, s => Assert.All(s.Blocks, text => Assert.Equal(4, TagScanner.Scan(text).Count(tag => tag == ThinkingTag.PathOpen))));
        Assert.All(solutions, s => Assert.All(s.Blocks, text => Assert.Equal(4, PathNumbers.Find(text).Count())));
    }

    [Fact]
    public void Lengths_are_counted_as_the_critical_path_of_a_response_is()
    {
        var suite = EvaluationSuite.Load("synthetic-hard-validation", limit: 12);
        using var model = StageModel.Open(_runs.Sft("f32", "rollout.number_paths=true"));

        var lengths = SolutionLengths.Of(suite, model, model, paths: 4)!;

        var searches = Enumerable.Range(0, 12).Where(p => Voting.Goal(suite.Problems[p]) is "count" or "best").ToList();
        Assert.NotEmpty(searches);
        Assert.All(searches, p => Assert.True(lengths.Blocks[p] < lengths.Straight[p] && lengths.Straight[p] < lengths.Sliced[p], $"{lengths.Blocks[p]}, {lengths.Straight[p]}, {lengths.Sliced[p]}"));
        var solution = SyntheticSolutions.Of(suite.Name, suite.Problems, 4, numbered: true)![searches[0]];
        Assert.Equal(model.Tokenizer.Encode(solution.Straight[0]).Length + 1, lengths.Straight[searches[0]]);
        Assert.Contains(lengths.Blocks[searches[0]], solution.Blocks.Select(text => TraceLayout.Read([.. model.Tokenizer.Encode(text), model.EosId], 0, model.Tags!).CriticalPathLength));
    }

    [Fact]
    public void What_fits_grows_with_the_cap_and_both_fit_where_the_control_does()
    {
        var lengths = new SolutionLengths([100, 40, 90], [120, 50, 80], [60, 55, 70]);

        Assert.Equal(new CapFit(80, 1 / 3.0, 2 / 3.0, 1, 2 / 3.0, 1), lengths.At(80));
        Assert.Equal(new CapFit(45, 1 / 3.0, 0, 0, 1 / 3.0, 1 / 3.0), lengths.At(45));
        Assert.True(lengths.FitsBoth(2, 80));
        Assert.False(lengths.FitsBoth(0, 80));
    }

    [Fact]
    public void Of_other_suites_nothing_is_known()
    {
        var suite = EvaluationSuite.Load("synthetic-hard-validation", limit: 2);

        Assert.Null(SyntheticSolutions.Of("mine", suite.Problems, 4, numbered: false));
        Assert.Null(SyntheticSolutions.Of("synthetic-hard-validation", [suite.Problems[0] with { Text = "Why?" }], 4, numbered: false));
    }
}
