using System.Text.Json.Nodes;
using ParallelR1.Data;
using ParallelR1.Data.ColdStart;
using ParallelR1.Grading;

namespace ParallelR1.Tests.Data.ColdStart;

public sealed class ExampleJudgeTests
{
    private readonly ExampleJudge _judge = new();

    [Fact]
    public void A_good_answer_is_kept() => Assert.Empty(Faults(TestAnswers.Good("4")));

    [Theory]
    [InlineData("First path: 2 + 2 = 4, by addition.", ExampleFault.OrderedPaths)]
    [InlineData("Path 2: 2 + 2 = 4, by addition.", ExampleFault.OrderedPaths)]
    [InlineData("**Method 1.** 2 + 2 = 4, by addition.", ExampleFault.OrderedPaths)]
    [InlineData("Second, 2 + 2 = 4, by addition.", ExampleFault.OrderedPaths)]
    [InlineData("Alternatively, 2 + 2 = 4, by addition.", ExampleFault.CrossReference)]
    [InlineData("As the other path has shown, 2 + 2 = 4.", ExampleFault.CrossReference)]
    [InlineData("Unlike in the previous approach, 2 + 2 = 4 is added.", ExampleFault.CrossReference)]
    [InlineData("2 + 2 = 4, and path 2 says so too.", ExampleFault.CrossReference)]
    [InlineData(" \n ", ExampleFault.EmptyPath)]
    [InlineData("There are as many pears as apples, so the number is TWICE that of the apples: 2 * 2 = 4!", ExampleFault.EqualPaths)]
    [InlineData("<Parallel><Path>a</Path><Path>b</Path></Parallel>\n<Summary>c</Summary>", ExampleFault.Nested)]
    public void A_path_with_a_fault_is_left_out(string path, ExampleFault fault) =>
        Assert.Equal([fault], Faults(TestAnswers.Good("4").Replace("Adding up what is listed, 2 apples and 2 pears, gives 2 + 2 = 4.", path, StringComparison.Ordinal)));

    [Theory]
    [InlineData("First, add up: 2 + 2 = 4.")]
    [InlineData("The first way to count is by kind of fruit and there are two kinds, so 2 + 2 = 4.")]
    [InlineData("The two kinds give 2 + 2 = 4; the second half of the basket is as full as the first.")]
    public void Ordinary_words_of_order_are_no_fault(string path)
    {
        var faults = Faults(TestAnswers.Good("4").Replace("Adding up what is listed, 2 apples and 2 pears, gives 2 + 2 = 4.", path, StringComparison.Ordinal));

        Assert.Equal(path.StartsWith("The first way", StringComparison.Ordinal) ? [ExampleFault.OrderedPaths] : [], faults);
    }

    [Theory]
    [InlineData("I will think about this in parallel.")]
    [InlineData("Let us use parallel thinking here.")]
    [InlineData("Two independent reasoning paths follow.")]
    [InlineData("Now I insert a block.")]
    public void An_announcement_is_left_out(string sentence) =>
        Assert.Equal([ExampleFault.Announcement], Faults(TestAnswers.Good("4").Replace("The basket", sentence + " The basket", StringComparison.Ordinal)));

    [Fact]
    public void Words_of_the_problem_are_not_held_against_the_answer()
    {
        var problem = TestAnswers.Problem(0) with { Text = "Two paths through a wood run in parallel. Path 2 has 4 benches. How many?" };
        var answer = TestAnswers.Good("4").Replace("The basket", "The two paths run in parallel. The basket", StringComparison.Ordinal).Replace("Adding up", "Path 2 has 4; adding up", StringComparison.Ordinal);

        Assert.Empty(_judge.Judge(problem, answer, "stop").Faults);
    }

    [Theory]
    [InlineData("</Path>\n<Path>", "</Path>\nor else\n<Path>", ExampleFault.StrayText)]
    [InlineData("<Parallel>\n", "<Parallel>\nTwo ways:\n", ExampleFault.StrayText)]
    [InlineData("</Parallel>\n", "</Parallel>\nTo sum up:\n", ExampleFault.SummaryApart)]
    [InlineData("Adding and doubling agree on 4.", "", ExampleFault.EmptyPath)]
    [InlineData("</Summary>", "", ExampleFault.BracketFormat)]
    [InlineData("Final Answer: 4", "The answer is 4.", ExampleFault.NoFinalAnswer)]
    [InlineData("Final Answer: 4", "Final Answer: 4\n\nI hope this helps!", ExampleFault.NoFinalAnswer)]
    public void A_malformed_answer_is_left_out(string part, string instead, ExampleFault fault) =>
        Assert.Equal([fault], Faults(TestAnswers.Good("4").Replace(part, instead, StringComparison.Ordinal)));

    [Fact]
    public void A_block_without_a_summary_or_second_path_is_malformed() =>
        Assert.Equal(
            [ExampleFault.RewardFormat],
            Faults("<Parallel><Path>2 + 2</Path></Parallel>\n<Summary>4</Summary>\n\nFinal Answer: 4"));

    [Fact]
    public void Long_answers_are_left_out_by_characters_or_tokens()
    {
        var byCharacters = new ExampleJudge(new ExampleFilterOptions { MaxCharacters = 100 });
        var byTokens = new ExampleJudge(new ExampleFilterOptions { MaxTokens = 100, CountTokens = (p, r) => 101 });

        Assert.Equal([ExampleFault.TooLong], byCharacters.Judge(TestAnswers.Problem(0), TestAnswers.Good("4"), "stop").Faults);
        Assert.Equal([ExampleFault.TooLong], byTokens.Judge(TestAnswers.Problem(0), TestAnswers.Good("4"), "stop").Faults);
    }

    [Fact]
    public void The_answer_is_compared_with_the_gold_answer_of_the_source()
    {
        var verdict = _judge.Judge(TestAnswers.Problem(0, "5"), TestAnswers.Good("4"), "stop");

        Assert.Equal([ExampleFault.WrongAnswer], verdict.Faults);
        Assert.Equal(new Grade(Verdict.Wrong, "4"), verdict.Grade);
        Assert.True(verdict.IsValidFormat);
    }

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("<think>a</think>\n\nb ", "b")]
    [InlineData("a</think>b", "b")]
    [InlineData("<think>a</think>b</think>c", "c")]
    [InlineData("<thinking>a</thinking>b", "b")]
    [InlineData("<think>never ends", "")]
    [InlineData("<THINK>a</THINK>", "")]
    [InlineData("", "")]
    public void Only_the_answer_of_a_thinking_model_is_kept(string text, string answer) => Assert.Equal(answer, AnswerPart.Of(text));

    [Fact]
    public void Hostile_answers_take_linear_time()
    {
        var many = string.Concat(Enumerable.Repeat("<Path>", 50_000)) + string.Concat(Enumerable.Repeat("<Parallel><Path>a b c d</Path><Path>e</Path></Parallel><Summary>s</Summary>", 20_000));
        var words = string.Concat(Enumerable.Repeat("first path the other two different ", 50_000));
        var block = "<Parallel>" + string.Concat(Enumerable.Range(0, 20_000).Select(i => $"<Path>{i} in {i}</Path>")) + "</Parallel><Summary>s</Summary>";

        foreach (var text in new[] { many, words, block })
            Assert.NotEmpty(_judge.Judge(TestAnswers.Problem(0), text, "stop").Faults);
    }

    [Fact]
    public void The_built_in_prompt_has_one_place_for_the_problem_and_an_example_that_passes()
    {
        var template = TeacherPrompt.Default;
        var example = template[template.IndexOf("The garden is", StringComparison.Ordinal)..(template.IndexOf("Final Answer: 34", StringComparison.Ordinal) + 16)];

        Assert.Equal(2, template.Split("{Problem}").Length);
        Assert.Empty(_judge.Judge(new Problem("p", "How long is the fence?", "34", null, "s", "", new JsonObject()), example, "stop").Faults);
    }

    private IReadOnlyList<ExampleFault> Faults(string answer) => _judge.Judge(TestAnswers.Problem(0), answer, "stop").Faults;
}
