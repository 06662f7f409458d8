using ParallelR1.Thinking;

namespace ParallelR1.Tests.Thinking;

public sealed class ProblemTemplateTests
{
    [Fact]
    public void Braces_in_a_problem_survive() =>
        Assert.Equal("Problem: {Problem} and \\frac{1}{2} {0}\n", ProblemTemplate.Load("mini").Format("{Problem} and \\frac{1}{2} {0}"));

    [Fact]
    public void The_parallel_thinking_prompt_has_the_tags_in_order_and_ends_with_the_problem()
    {
        var prompt = ProblemTemplate.Load("parallel-thinking").Format("How many?");

        Assert.Equal(
            [ThinkingTag.ParallelOpen, ThinkingTag.PathOpen, ThinkingTag.PathClose, ThinkingTag.ParallelClose, ThinkingTag.ParallelClose, ThinkingTag.SummaryOpen, ThinkingTag.SummaryClose],
            TagScanner.Scan(prompt));
        Assert.Contains("Final Answer:", prompt, StringComparison.Ordinal);
        Assert.EndsWith("\n\nProblem: How many?", prompt, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_name_is_refused_with_the_known_ones() =>
        Assert.Contains("baseline", Assert.Throws<UsageException>(() => ProblemTemplate.Load("no-such")).Message, StringComparison.Ordinal);

    [Fact]
    public void A_template_without_a_place_for_the_problem_is_refused() =>
        Assert.Throws<UsageException>(() => new ProblemTemplate("Solve {problem}"));

    [Theory]
    [InlineData("a <Parallel>\n <Path>x</Path>\n\n<Path>y</Path> </Parallel>\n\n<Summary>", "a <Parallel><Path>x</Path><Path>y</Path></Parallel>\n\n<Summary>")]
    [InlineData("<Parallel> text <Path>", "<Parallel> text <Path>")]
    [InlineData("</Parallel> <Path>", "</Parallel> <Path>")]
    public void Teacher_texts_lose_the_white_space_inside_blocks(string text, string expected) =>
        Assert.Equal(expected, TeacherText.Canonicalise(text));
}
