using ParallelR1.Evaluation;
using ParallelR1.Thinking;

namespace ParallelR1.Tests.Evaluation;

public sealed class BlockFiguresTests
{
    private const string Gold = "56";

    [Fact]
    public void A_right_path_that_the_summary_takes_counts_as_both() =>
        Assert.Equal((1, 1, 1, 1), Counts("<Parallel> <Path> so none </Path> <Path> so 56 </Path> </Parallel> <Summary> none and 56 so 56 </Summary>"));

    [Fact]
    public void A_summary_that_takes_the_wrong_path_is_held_against_the_right_one() =>
        Assert.Equal((1, 1, 1, 0), Counts("<Parallel> <Path> so 48 </Path> <Path> so 56 </Path> </Parallel> <Summary> 48 and 56 so 48 </Summary>"));

    [Fact]
    public void A_summary_that_is_right_without_a_right_path_takes_none() =>
        Assert.Equal((1, 1, 0, 0), Counts("<Parallel> <Path> so 48 </Path> <Path> so 12 </Path> </Parallel> <Summary> so 56 </Summary>"));

    [Fact]
    public void Equal_paths_do_not_differ_and_agree()
    {
        var figures = Of("<Parallel> <Path> so 48 </Path> <Path> so 48 </Path> </Parallel> <Summary> so 48 </Summary>");

        Assert.Equal((0.0, 1.0), (figures.PathsDiffer, figures.PathAgreement));
    }

    [Fact]
    public void Agreement_is_the_share_of_pairs_that_arrive_at_the_same() =>
        Assert.Equal(1 / 3.0, Of("<Parallel> <Path> so 48 </Path> <Path> or 48 </Path> <Path> so 56 </Path> </Parallel> <Summary> so 56 </Summary>").PathAgreement!.Value, 12);

    [Fact]
    public void A_block_that_is_cut_before_its_summary_takes_nothing() =>
        Assert.Equal((1, 1, 1, 0), Counts("<Parallel> <Path> so 56 </Path> <Path> so 48 </Path>"));

    [Theory]
    [InlineData("so 56")]
    [InlineData("<Parallel> <Path> so 56 </Path> </Parallel> <Summary> so 56 </Summary>")]
    public void Nothing_is_said_of_a_response_without_two_paths_beside_each_other(string response)
    {
        var figures = Of(response);

        Assert.Equal(default, figures);
        Assert.Null(figures.PathsDiffer);
        Assert.Null(figures.SummaryTakesRight);
    }

    [Fact]
    public void Figures_of_several_responses_add_up()
    {
        var figures = Of("<Parallel> <Path> so 48 </Path> <Path> so 56 </Path> </Parallel> <Summary> so 48 </Summary>")
            + Of("<Parallel> <Path> so 48 </Path> <Path> so 48 </Path> </Parallel> <Summary> so 48 </Summary>");

        Assert.Equal((0.5, 0.5, 0.0, 0.5), (figures.PathsDiffer, figures.PathOracle, figures.SummaryTakesRight, figures.PathAgreement));
    }

    [Fact]
    public void A_block_verifies_where_the_answer_stands_before_it_on_the_main_line_or_in_an_earlier_summary()
    {
        const string Block = "<Parallel> <Path> so 56 </Path> <Path> so 48 </Path> </Parallel> <Summary> so 56 </Summary>";

        Assert.Equal(0.0, Of($"{Block} Final Answer: 56").VerificationRatio);
        Assert.Equal(1.0, Of($"so 56 {Block} Final Answer: 56").VerificationRatio);
        Assert.Equal(0.5, Of($"{Block} or {Block} Final Answer: 56").VerificationRatio);
    }

    private static (int, int, int, int) Counts(string response)
    {
        var figures = Of(response);
        return (figures.Blocks, figures.Different, figures.AnyRight, figures.TakenRight);
    }

    // Words are tokens; the six tags come first.
    private static BlockFigures Of(string response)
    {
        var words = ThinkingTags.All.Concat(response.Split(' ')).Distinct().ToList();
        int[] ids = [.. response.Split(' ').Select(word => words.IndexOf(word))];
        var layout = TraceLayout.Read(ids, 0, new TagIds([0, 1, 2, 3, 4, 5]));
        return BlockFigures.Of(ids, layout, some => string.Join(' ', some.Select(id => words[id])), Gold);
    }
}
