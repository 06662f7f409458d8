using ParallelR1.Grading;

namespace ParallelR1.Tests.Grading;

public class SemanticGraderTests
{
    public static TheoryData<string, string> Equal => new()
    {
        { "1/2", "0.5" }, { "0.5", "\\frac12" }, { "\\frac{3}{4}", "75/100" }, { "-\\frac{1}{2}", "\\frac{-1}{2}" }, { "1.5", "1½" }, { "\\frac{7}{3}", "2\\frac13" },
        { "7/3", "2 1/3" }, { "-7/3", "-2 1/3" }, { "1234567", "1,234,567" }, { "1234567", "1 234 567" }, { "1{,}234", "1\\,234" }, { "12000", "12 thousand" },
        { "0.\\overline{27}", "3/11" }, { "1/6", "0.1\\overline{6}" }, { "1/3", "0.\\bar{3}" }, { "6.02\\times10^{23}", "6.02e23" }, { "0.00012", "1.2 \\cdot 10^{-4}" },
        { "2\\sqrt{3}", "\\sqrt{12}" }, { "\\frac{\\sqrt{2}}{2}", "1/\\sqrt2" }, { "\\sqrt[3]{16}", "2\\sqrt[3]{2}" }, { "-2", "\\sqrt[3]{-8}" }, { "1+\\sqrt2", "\\sqrt{3+2\\sqrt2}" },
        { "\\frac{\\sqrt{3}}{2}", "\\sin 60^\\circ" }, { "\\frac{\\sqrt6-\\sqrt2}{4}", "\\sin(\\pi/12)" }, { "\\sqrt{5}-2", "\\frac{1}{\\sqrt5+2}" }, { "2i", "\\sqrt{-4}" }, { "-1", "i^2" },
        { "3+4i", "4i + 3" }, { "(x+1)^2", "x^2+2x+1" }, { "\\frac{x^2-1}{x-1}", "x+1" }, { "2\\sin x\\cos x", "\\sin 2x" }, { "\\tan x", "\\frac{\\sin x}{\\cos x}" },
        { "\\ln 8", "3 \\ln 2" }, { "\\log_2 8", "3" }, { "e^{2x}", "(e^x)^2" }, { "2^{n+1}", "2 \\cdot 2^n" }, { "n!", "n!" }, { "\\binom{5}{2}", "10" }, { "120", "5!" },
        { "50\\%", "50 percent" }, { "50\\%", "50" }, { "\\$1,250", "1250 dollars" }, { "\\$5.00", "$5" }, { "30^\\circ", "30 degrees" }, { "5\\text{ cm}", "5 centimeters" },
        { "12\\text{ cm}^2", "12 square centimeters" }, { "60 mph", "60 miles per hour" }, { "7", "7 apples" }, { "8 \\text{ m/s}", "8 meters per second" }, { "5 km", "5km" },
        { "x=5", "5" }, { "5", "x = 5" }, { "y=2x+3", "2x+3" }, { "2x+3y=6", "y = 2 - \\frac{2}{3}x" }, { "x^2+y^2=25", "y^2 = 25 - x^2" }, { "f(x)=x^2", "x^2" }, { "x+2", "f(x) = x + 2" },
        { "[0,1)", "0 \\le x < 1" }, { "(-\\infty,2)", "x < 2" }, { "(2,\\infty)", "2 < x" }, { "(-\\infty,1)\\cup(3,\\infty)", "x < 1 \\text{ or } x > 3" }, { "x \\ne 3", "(-\\infty,3)\\cup(3,\\infty)" },
        { "(-\\infty,\\infty)", "\\mathbb{R}" }, { "(-\\infty,\\infty)", "all real numbers" }, { "x>3", "x - 3 > 0" }, { "(1, 100)", "(1,100)" }, { "\\{100, 200\\}", "{100,200}" },
        { "1, 2, 3", "3, 2, and 1" }, { "\\{1,2\\}", "1, 2" }, { "\\pm 3", "3, -3" }, { "1 \\pm \\sqrt{2}", "1+\\sqrt2, 1-\\sqrt2" }, { "2, 3", "x = 2 \\text{ or } x = 3" }, { "2, 3", "x = 2, 3" },
        { "(1,2)", "x = 1, y = 2" }, { "(1,2),(3,4)", "(3,4) and (1,2)" }, { "(3, \\frac{\\pi}{2})", "\\left(3, \\frac{\\pi}{2}\\right)" }, { "(1,2,3)", "(1, 2, 3)" },
        { "\\begin{pmatrix} 1 & 2 \\\\ 3 & 4 \\end{pmatrix}", "\\begin{bmatrix} 1 & 2 \\\\ 3 & 4 \\end{bmatrix}" }, { "\\begin{pmatrix} 1 \\\\ 2 \\end{pmatrix}", "[[1],[2]]" },
        { "1011_2", "1011 base 2" }, { "1011_2", "(1011)_2" }, { "AB_{16}", "ab base 16" }, { "1011_2", "1011_{two}" }, { "\\text{(C)}", "C" }, { "B", "(B) 42" }, { "D", "Choice D" },
        { "\\text{even}", "Even." }, { "Tuesday", "\\text{tuesday}" }, { "\\text{Yes}", "yes" }, { "3:2", "3 to 2" }, { "4:30", "4:30 p.m." }, { "5:00 p.m.", "5 PM" }, { "March 4", "4th of March" },
        { "March 4", "March 4th" }, { "\\emptyset", "\\{\\}" }, { "\\infty", "+∞" }, { "x^2", "x²" }, { "3", "３" }, { "-3", "−3" }, { "\\frac{1}{3}", "⅓" }, { "\\theta", "θ" }, { "7", "It takes 7 days." },
        { "7", "So, the answer is $7$, as required." }, { "12", "The perimeter is $4 + 8 = 12$ cm." }, { "25", "She pays \\$25." }, { "x^2+1", "The polynomial is $x^2+1$." }, { "3, 5", "The roots are $3$ and $5$." },
        { "a_n = 2n", "2n" }, { "\\frac{a+b}{2}", "(a+b)/2" }, { "ab", "ba" }, { "6xy", "6yx" }, { "|x|", "\\sqrt{x^2}" }, { "10^{100}", "10^{50} \\cdot 10^{50}" }, { "AB", "AB" }, { "\\overline{AB}", "\\overline{AB}" },
        { "2\\pi r", "2 * pi * r" }, { "\\frac{1}{2}bh", "bh/2" }, { "\\lfloor 3.7 \\rfloor", "3" }, { "\\cos^2 x + \\sin^2 x", "1" }, { "5", "5.0" }, { "0", "-0" }, { "3 \\text{ and } 4", "4, 3" }, { "12", "\\text{12 ways}" },
        { "9", "3^2 = 9" }, { "36\\pi", "A = 36\\pi \\text{ cm}^2" }, { "36", "\\text{Area} = 36" }, { "72", "Total cost = \\$72" }, { "15", "**15 minutes**" },
        { "12", "12 (twelve)" }, { "30^\\circ C", "30 degrees Celsius" }, { "x^2+x-6", "x^2 + x - 6 = (x-2)(x+3)" }, { "A", "The correct option is (A)." }, { "[2,4] \\cup [6,8]", "[6,8] U [2,4]" },
        { "\\{x \\mid x > 3\\}", "x > 3" }, { "-\\infty", "negative infinity" }, { "3 \\text{ m}", "3m" }, { "16 \\text{ square units}", "16 sq. units" }, { "\\text{B, E, G}", "B, G, E" }, { "p(x) = x^2 - 1", "x^2-1" },
    };

    public static TheoryData<string, string> Different => new()
    {
        { "1/3", "0.333" }, { "\\sqrt2", "1.414" }, { "\\pi", "3.14" }, { "1/3", "0.3" }, { "5", "5 or 6" }, { "5", "5 \\pm 1" }, { "5", "at least 5" }, { "5", "between 5 and 6" }, { "5", "not 5" }, { "5", "less than 5" },
        { "5", "5, 5.5" }, { "5", "x > 5" }, { "5", "5x" }, { "5", "-5" }, { "5", "5^2" }, { "5", "5!" }, { "5", "5i" }, { "50\\%", "0.5" }, { "0.5", "50\\%" }, { "5 cm", "5 m" }, { "\\$5", "5 euros" }, { "5 apples", "5 oranges" },
        { "1234", "1.234" }, { "1,234", "1, 234" }, { "1234", "1 2 3 4" }, { "x", "|x|" }, { "x", "x + 10^{-30}" }, { "x^2", "x^{2.000001}" }, { "x", "y" }, { "2x", "2y" }, { "\\ln x^2", "2 \\ln x" }, { "\\sqrt{x^2}", "x" },
        { "y=2x", "x=2y" }, { "x=5", "y=5" }, { "x=5", "x \\ne 5" }, { "5", "5 = 6" }, { "y=2x", "y=y" }, { "x^2+y^2=25", "x^2+y^2=5" }, { "[0,1)", "[0,1]" }, { "[0,1)", "(0,1)" }, { "(0,1)", "(1,0)" }, { "x<3", "x \\le 3" }, { "x<3", "y<3" },
        { "(1,2)", "(2,1)" }, { "(1,2)", "\\{1,2\\}" }, { "1,2", "1" }, { "1", "1,2" }, { "1,2", "1,2,3" }, { "\\pm 3", "3" }, { "3", "\\pm 3" }, { "1011_2", "1011_3" }, { "1011_2", "11" }, { "B", "A, B" }, { "B", "A" }, { "B", "B or C" },
        { "\\text{even}", "odd" }, { "\\text{even}", "not even" }, { "3:2", "2:3" }, { "4:30 p.m.", "4:30 a.m." }, { "4:30 p.m.", "4:30" }, { "March 4", "May 4" }, { "March 4", "March 5" }, { "\\infty", "-\\infty" }, { "10", "1O" }, { "1", "l" },
        { "17", "¹⁷" }, { "x^2", "x2" }, { "x^{23}", "x^{2}3" }, { "\\frac{1}{2}", "1/" }, { "12", "12 \\text{ thousand}" }, { "1000000", "10^{10^{10}}" }, { "\\begin{pmatrix} 1 & 2 \\end{pmatrix}", "\\begin{pmatrix} 2 & 1 \\end{pmatrix}" },
        { "7", "unknown" }, { "7", "any number" }, { "7", "7?" }, { "7", "seven or eight" }, { "7", "maybe 7" }, { "0", "0/0" }, { "1", "0^0" }, { "1", "\\frac{x}{x+10^{-9}}" }, { "\\frac{\\pi^2}{6}", "1.6449340668482264" },
        { "1", "\\sin(90)" }, { "2^{200}", "2^{200}+1" }, { "e^{-300}", "0" }, { "7", "7 and 8" }, { "42", "{42" }, { "\\sqrt{x}", "-\\sqrt{x}" }, { "3\\sqrt{2}", "\\sqrt[3]{2}" }, { "12", "1 2" }, { "2.5", "2 5" },
        { "A", "A because B is wrong" }, { "B", "The answer is not B" }, { "x", "x = x" }, { "20^\\circ C", "20°F" }, { "5", "5 (or 6)" }, { "42", "42..." }, { "42", "4{2}" }, { "42", "None of the 42" }, { "A", "(A) or (B)" },
        { "42", "42 + \\sin(10^{-40})" }, { "42", "\\sqrt{1764 + 10^{-50}}" }, { "x", "\\arcsin(\\sin x)" }, { "1", "\\frac{|x|}{x}" }, { "42", "\\boxed{41} \\boxed{42}" },
    };

    [Theory]
    [MemberData(nameof(Equal))]
    public void Equal_answers_are_correct(string gold, string answer) =>
        Assert.Equal(Verdict.Correct, new SemanticGrader().Grade("Final Answer: " + answer, gold).Verdict);

    [Theory]
    [MemberData(nameof(Different))]
    public void Different_answers_are_not_correct(string gold, string answer) =>
        Assert.NotEqual(Verdict.Correct, new SemanticGrader().Grade("Final Answer: " + answer, gold).Verdict);

    [Theory]
    [InlineData("**Final Answer:** 5", "5")]
    [InlineData("**Final Answer**: 5", "5")]
    [InlineData("### Final Answer\n\n**5**", "5")]
    [InlineData("Final Answer:\n\n$$5$$", "$$5$$")]
    [InlineData("Final Answer: 4\nNo.\nFINAL ANSWER: 5\nDone 7.", "5")]
    [InlineData("<Summary>Final Answer: 5</Summary>", "5")]
    [InlineData("so $\\boxed{\\frac{1}{2}}$ and 7", "\\frac{1}{2}")]
    [InlineData("\\boxed{1} but really \\boxed{5}", "5")]
    [InlineData("The answer is 5. We used 7 steps.", "5")]
    [InlineData("Answer: 5", "5")]
    [InlineData("2+3=5\n#### 5", "5")]
    [InlineData("We have 2 and then -3.5.", "-3.5")]
    [InlineData("Thus $x = \\frac{3}{4}$.", " \\frac{3}{4}")]
    public void The_answer_is_found(string response, string expected) =>
        Assert.Equal(expected, new SemanticGrader().Grade(response, "0").Extracted);

    [Theory]
    [InlineData("")]
    [InlineData("Final Answer:")]
    [InlineData("Final Answer: $$")]
    [InlineData("no idea")]
    [InlineData("\\boxed{}")]
    public void Without_an_answer_there_is_no_verdict_on_it(string response) =>
        Assert.Equal(Verdict.NoAnswer, new SemanticGrader().Grade(response, "5").Verdict);

    [Fact]
    public void An_explanation_says_what_was_extracted_normalised_and_compared()
    {
        var found = new SemanticGrader().Explain("Final Answer: $\\frac{2}{4}$", "0.5");
        Assert.Equal("final_answer_line", found.Source);
        Assert.Equal("$\\frac{2}{4}$", found.Grade.Extracted);
        Assert.Equal("1/2", found.NormalisedAnswer);
        Assert.Equal("equal normal forms", found.Rule);
    }
}
