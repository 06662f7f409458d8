using System.Text.Json.Nodes;
using ParallelR1.Data;
using ParallelR1.Evaluation;
using ParallelR1.Evaluation.Arms;
using ParallelR1.Grading;

namespace ParallelR1.Tests.Evaluation.Arms;

public sealed class VotingTests
{
    private const string Block = "10-21 by4\n<Parallel><Path>1\n10-13:\nso none</Path><Path>2\n14-17:\nso 16</Path><Path>3\n18-21:\nso 20</Path><Path>4\nso 20</Path></Parallel>\n<Summary>so 16</Summary>\n\nFinal Answer: 16";

    [Fact]
    public void The_most_frequent_vote_wins_and_of_several_the_first()
    {
        Assert.Equal("b", Voting.Majority(["a", "b", null, "b"]));
        Assert.Equal("a", Voting.Majority([null, "a", "b"]));
        Assert.Null(Voting.Majority([null, null]));
    }

    [Fact]
    public void Paths_vote_with_the_result_on_their_last_line_and_those_that_find_nothing_do_not()
    {
        Assert.Equal([null, "16", "20", "20"], Voting.PathResults(Block));
        Assert.Equal(["3"], Voting.PathResults("<Parallel><Path>1\nso 1</Path></Parallel> then <Parallel><Path>so 3</Path></Parallel>"));
        Assert.Empty(Voting.PathResults("so 4\n\nFinal Answer: 4"));
        Assert.Equal([null], Voting.PathResults("<Parallel><Path>1\n12+3=1"));
    }

    [Fact]
    public void Samples_answer_together_n_by_n()
    {
        AnsweredResponse[] samples = [Right("7", 10), Wrong("8", 12), Right("7", 11), Wrong("9", 30), Wrong(null, 5), Wrong(null, 5)];

        var (vote, oracle) = Voting.OverSamples("suite", [samples], n: 3);

        Assert.Equal((2, 1, 1), (vote.Samples, vote.Correct[0], oracle.Correct[0]));
        Assert.Equal((73, 12 + 30), (vote.TokensTotal, vote.TokensCriticalPath));
    }

    [Fact]
    public void An_oracle_is_right_where_a_vote_is_not()
    {
        var (vote, oracle) = Voting.OverSamples("suite", [[Right("7", 1), Wrong("8", 1), Wrong("8", 1)]], n: 3);

        Assert.Equal((0, 1), (vote.Correct[0], oracle.Correct[0]));
    }

    [Fact]
    public void A_vote_takes_the_place_of_the_last_summary_and_responses_without_a_block_keep_their_answer()
    {
        var problem = new Problem("p", "?", "20", null, "", "", []);
        var result = new SuiteResult { Name = "suite", Samples = 2, Correct = [1] };

        var voted = Voting.OverPaths(result, [problem], [[new AnsweredResponse(Block, "16", false, 9, 9), new AnsweredResponse("Final Answer: 20", "20", true, 3, 3)]], Graders.ByName("strict"));

        Assert.Equal([2], voted.Correct);
    }

    [Fact]
    public void Paths_do_not_vote_on_counts()
    {
        Assert.False(Voting.MakesSense(Of("count")));
        Assert.True(Voting.MakesSense(Of("find")));
        Assert.True(Voting.MakesSense(new Problem("p", "?", "1", null, "", "", [])));

        static Problem Of(string goal) => new("p", "?", "1", null, "", "", new JsonObject { ["search"] = new JsonObject { ["goal"] = goal } });
    }

    private static AnsweredResponse Right(string answer, int tokens) => new("", answer, true, tokens, tokens);

    private static AnsweredResponse Wrong(string? answer, int tokens) => new("", answer, false, tokens, tokens);
}
