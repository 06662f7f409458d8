using ParallelR1.Grading;

namespace ParallelR1.Tests.Grading;

public class StrictGraderTests
{
    [Theory]
    [InlineData("Final Answer: 42")]
    [InlineData("final answer :  42")]
    [InlineData("Final Answer:\n42")]
    [InlineData("Final Answer: $42$.")]
    [InlineData("Final Answer: x = 42")]
    [InlineData("Final Answer: 42 dollars")]
    [InlineData("Final Answer: \\boxed{42}")]
    [InlineData("Final Answer: 1\nFinal Answer: 42")]
    [InlineData("Fınal Anſwer: 42")]
    public void The_published_examples_are_correct(string response) =>
        Assert.Equal(Verdict.Correct, new StrictMathGrader().Grade(response, "42").Verdict);

    [Theory]
    [InlineData("Final Answer: 42.")]
    [InlineData("**Final Answer:** 42")]
    [InlineData("Final Answer: 42.0")]
    [InlineData("Final Answer: 042")]
    [InlineData("Final Answer: 42%")]
    [InlineData("Final Answer: \\(42\\)")]
    [InlineData("Final Answer: 42</Summary>")]
    [InlineData("Final Answer: 42\nFinal Answer: 1")]
    public void The_published_counterexamples_are_wrong(string response) =>
        Assert.Equal(Verdict.Wrong, new StrictMathGrader().Grade(response, "42").Verdict);

    [Theory]
    [InlineData("")]
    [InlineData("\\boxed{42}")]
    [InlineData("Final Answer:")]
    [InlineData("Final Answer:\n")]
    public void Without_an_answer_line_there_is_no_answer(string response) =>
        Assert.Equal(new Grade(Verdict.NoAnswer, null), new StrictMathGrader().Grade(response, "42"));

    [Fact]
    public void The_window_counts_code_points()
    {
        var line = "Final Answer: 42\n";
        Assert.True(new StrictMathGrader().Grade(line + string.Concat(Enumerable.Repeat("😀", 300 - line.Length)), "42").IsCorrect);
        Assert.Null(new StrictMathGrader().Grade(line + string.Concat(Enumerable.Repeat("😀", 301 - line.Length)), "42").Extracted);
    }

    [Fact]
    public void White_space_before_the_end_is_given_back() =>
        Assert.Equal("", new StrictMathGrader().Grade("Final Answer: ", "42").Extracted);

    [Fact]
    public void By_name_the_tags_are_removed_unless_raw()
    {
        Assert.True(Graders.ByName("strict").Grade("<Summary>Final Answer: 42</Summary>", "42").IsCorrect);
        Assert.False(Graders.ByName("strict", raw: true).Grade("<Summary>Final Answer: 42</Summary>", "42").IsCorrect);
    }

    [Fact]
    public void An_unknown_name_is_refused_with_the_valid_ones() =>
        Assert.Contains("strict-gsm8k", Assert.Throws<UsageException>(() => Graders.ByName("exact")).Message);

    [Theory]
    [InlineData("a<Path>b</Path>c", "abc")]
    [InlineData("<Pa<Path>th>", "<Path>")]
    [InlineData("<path> <Paths> <", "<path> <Paths> <")]
    public void Only_the_literal_tags_go(string text, string expected) => Assert.Equal(expected, TagText.Strip(text));

    [Theory]
    [InlineData("Final Answer: 18. So", "18.", "18.")]
    [InlineData("Final Answer:18", null, "18")]
    [InlineData("Final Answer: 1\nFinal Answer: 2,000", "2000", "1")]
    [InlineData("Final Answer: ,", "", "")]
    [InlineData("final answer: 3", null, null)]
    [InlineData("Final Answer: -x, Final Answer:\t-4", null, "-4")]
    public void The_gsm8k_modes_take_the_last_or_the_first_match(string response, string? last, string? first)
    {
        Assert.Equal(last, StrictGsm8kGrader.ExtractLast(response));
        Assert.Equal(first, StrictGsm8kGrader.ExtractFirst(response));
    }
}
