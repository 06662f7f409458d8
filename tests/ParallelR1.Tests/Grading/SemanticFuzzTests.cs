using System.Diagnostics;
using System.Text;
using ParallelR1.Grading;

namespace ParallelR1.Tests.Grading;

public class SemanticFuzzTests
{
    private static readonly string[] Pieces =
    [
        "\\frac", "\\sqrt", "{", "}", "(", ")", "[", "]", "\\{", "\\}", "^", "_", "$", "|", "1", "23", "0", "4.5", "x", "y", "i", "e", "\\pi", "+", "-",
        "\\pm", "/", "\\cdot", "=", "<", "\\le", ",", " ", "\\cup", "\\infty", "\\sin", "\\ln", "\\log", "!", "%", "^\\circ", "\\text{cm}", "\\text{",
        "apples", "and", "or", "\\begin{pmatrix}", "\\end{pmatrix}", "&", "\\\\", "\\boxed{", "Final Answer:", "\n", "answer is", "²", "½", "√", "😀",
        "10^", "^{10^{", "9999999999", "\\binom{5}{2}", ":", ".", "..", "\\overline{3}", "'", "~", "\\left(", "\\right)", "\\in", "p.m.", "May 5", "_{7}",
    ];

    [Fact]
    public void Random_and_mutated_answers_end_in_time_with_a_verdict()
    {
        var grader = new SemanticGrader();
        var key = RandomKey.FromSeed(7);
        _ = grader.Grade("Final Answer: $\\frac{1}{2}$", "0.5");
        for (var i = 0; i < 20_000; i++)
        {
            var answer = Answer(key.Fold(2 * i));
            var response = i % 3 == 0 ? Mutate(answer, key.Fold(2 * i + 1)) : Answer(key.Fold(2 * i + 1));
            var start = Stopwatch.GetTimestamp();
            _ = grader.Grade(i % 2 == 0 ? "Final Answer: " + response : response, answer);
            Assert.True(Stopwatch.GetElapsedTime(start).TotalSeconds < 5, $"{response} against {answer}");
        }
    }

    [Theory]
    [InlineData("(", 100_000)]
    [InlineData("\\sqrt{", 50_000)]
    [InlineData("\\boxed{", 50_000)]
    [InlineData("Final Answer: ", 50_000)]
    [InlineData("\\frac{1}{1+", 50_000)]
    [InlineData("9^", 50_000)]
    [InlineData("x+", 100_000)]
    [InlineData("\\begin{pmatrix}", 20_000)]
    [InlineData("-", 100_000)]
    [InlineData("$", 100_000)]
    [InlineData("1,234", 50_000)]
    [InlineData("9", 1_000_000)]
    public void Long_repetitions_do_no_harm(string piece, int times)
    {
        var text = new StringBuilder().Insert(0, piece, times).ToString();
        var start = Stopwatch.GetTimestamp();
        _ = new SemanticGrader().Grade(text, "5");
        _ = new SemanticGrader().Grade("Final Answer: " + text, text);
        _ = new SemanticGrader().Grade("Final Answer: 5", text[..Math.Min(text.Length, 3000)]);
        Assert.True(Stopwatch.GetElapsedTime(start).TotalSeconds < 5);
    }

    private static string Answer(RandomKey key)
    {
        var text = new StringBuilder();
        var pieces = 1 + key.Next(14, 99);
        for (var i = 0; i < pieces; i++)
            text.Append(Pieces[key.Next(Pieces.Length, i)]);
        return text.ToString();
    }

    private static string Mutate(string text, RandomKey key)
    {
        var at = key.Next(text.Length + 1, 0);
        return key.Next(3, 1) switch
        {
            0 => text[..at],
            1 => text.Insert(at, Pieces[key.Next(Pieces.Length, 2)]),
            _ => text[at..] + text[..at],
        };
    }
}
