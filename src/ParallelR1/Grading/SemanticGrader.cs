using ParallelR1.Grading.Algebra;
using ParallelR1.Grading.Semantic;

namespace ParallelR1.Grading;

/// <summary>
/// Accepts what a mathematician would: the answer is extracted, parsed and compared by value. Bounded in steps, depth and time;
/// when the budget of a pair ends the verdict is <see cref="Verdict.Undecided"/>. The conventions are in <c>docs/grading.md</c>.
/// </summary>
public sealed class SemanticGrader : IExplainingGrader
{
    private const int MaximumResponse = 4_000_000;

    /// <inheritdoc/>
    public Grade Grade(string response, string answer) => Run(response, answer, explain: false).Grade;

    /// <inheritdoc/>
    public GradeExplanation Explain(string response, string answer) => Run(response, answer, explain: true);

    private static GradeExplanation Run(string response, string answer, bool explain)
    {
        ArgumentNullException.ThrowIfNull(response);
        ArgumentNullException.ThrowIfNull(answer);
        var text = TagText.Strip(response.Length <= MaximumResponse ? response : response[^MaximumResponse..]);
        var (extracted, source) = AnswerExtractor.Extract(text);
        if (string.IsNullOrEmpty(extracted) || IsBlank(extracted))
            return new(new Grade(Verdict.NoAnswer, null), NameOf(AnswerSource.None), null, answer, "no answer found");

        var budget = new Budget();
        var comparer = new AnswerComparer(budget);
        ReadAnswer? gold = null, read = null;
        Verdict verdict;
        var rule = "";
        try
        {
            gold = AnswerReader.Read(AnswerExtractor.Clean(answer), budget);
            read = AnswerReader.Read(extracted, budget);
            verdict = comparer.Matches(gold, read) ? Verdict.Correct : comparer.IsUnderstood ? Verdict.Wrong : Verdict.Undecided;
            rule = comparer.Rule;
        }
        catch (BudgetExceededException e)
        {
            verdict = Verdict.Undecided;
            rule = e.Message;
        }

        var grade = new Grade(verdict, extracted);
        return explain
            ? new(grade, NameOf(source), Describe(read, extracted), Describe(gold, answer), rule)
            : new(grade, "", null, "", "");
    }

    /// <summary>Formula marks, quotation marks and the like without anything between them.</summary>
    private static bool IsBlank(string text)
    {
        foreach (var c in text)
        {
            if (!char.IsWhiteSpace(c) && !"$\"'*`{}()[]\\.,:;".Contains(c, StringComparison.Ordinal))
                return false;
        }

        return !text.Contains("\\{", StringComparison.Ordinal) && !text.Contains("{}", StringComparison.Ordinal);
    }

    private static string Describe(ReadAnswer? answer, string text)
    {
        if (answer?.Node is not { } node)
            return answer?.Plain ?? text;
        if (!node.IsExpression || node.Contains(NodeKind.PlusMinus) || node.Contains(NodeKind.Infinity))
            return node.ToString();
        try
        {
            var normalizer = new Normalizer(new Budget());
            var form = normalizer.Normalize(node);
            return normalizer.IsUndefined ? node.ToString() : form.Key;
        }
        catch (BudgetExceededException)
        {
            return node.ToString();
        }
    }

    private static string NameOf(AnswerSource source) => source switch
    {
        AnswerSource.FinalAnswerLine => "final_answer_line",
        AnswerSource.Boxed => "boxed",
        AnswerSource.Phrase => "phrase",
        AnswerSource.LastNumber => "last_number",
        _ => "none",
    };
}
