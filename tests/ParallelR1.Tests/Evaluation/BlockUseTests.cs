using ParallelR1.Evaluation;

namespace ParallelR1.Tests.Evaluation;

public sealed class BlockUseTests
{
    [Theory]
    [InlineData("49-21=28\nso 28\n", "28")]
    [InlineData("Subtract this from the initial $47: 47 - 12 = $35.\n\nTo be sure, several perspectives:\n", "35")]
    [InlineData("Therefore, before her turn, the tower had 28 blocks. ", "28")]
    [InlineData("so together they have $150.\n", "150")]
    [InlineData("The kept cards might be a subset, but the total is still 20. The total is 20.", "20")]
    [InlineData("so x is \\boxed{7}.", "$7$")]
    public void A_block_behind_the_answer_verifies_it(string before, string answer) =>
        Assert.True(BlockUse.Verifies(before, $"{before}(block)\nFinal Answer: {answer}"));

    [Theory]
    [InlineData("", "3")]
    [InlineData("2-10 by3\n2-4\n5-7\n8-10\n", "4")]
    [InlineData("Jane bought 2 skirts at $13 each, so the skirts cost 2 * 13 = 26.", "56")]
    [InlineData("There are 3 people, and 9 omelets are shared.", "3")]
    [InlineData("so the number of spoons is $6 / $1.50.", "4")]
    [InlineData("The speeds are 64, 76, 91, 80, and 89.", "80")]
    public void A_block_before_the_answer_searches(string before, string answer) =>
        Assert.False(BlockUse.Verifies(before, $"{before}(block)\nFinal Answer: {answer}"));

    [Fact]
    public void A_response_without_an_answer_has_nothing_to_verify() =>
        Assert.False(BlockUse.Verifies("so 28", "so 28 (block)"));
}
