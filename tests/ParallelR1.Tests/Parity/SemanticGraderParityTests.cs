using ParallelR1.Grading;
using ParallelR1.IO;

namespace ParallelR1.Tests.Parity;

public class SemanticGraderParityTests
{
    [Fact]
    public void The_labels_are_met_overall_and_in_every_kind_without_false_positives_among_adversarial_pairs()
    {
        var grader = new SemanticGrader();
        var kinds = new SortedDictionary<string, (int Pairs, int Agreed)>();
        var missed = new List<string>();
        foreach (var (_, pair) in JsonLines.Read(Path.Combine(Fixtures.Folder("grading"), "pairs.jsonl")))
        {
            var kind = (string)pair["kind"]!;
            var correct = (string)pair["label"]! == "correct";
            var grade = grader.Grade((string)pair["response"]!, (string)pair["answer"]!);
            var agreed = grade.IsCorrect == correct;
            kinds.TryGetValue(kind, out var count);
            kinds[kind] = (count.Pairs + 1, count.Agreed + (agreed ? 1 : 0));
            if (!agreed)
                missed.Add($"{pair["id"]} ({kind}): expected {pair["label"]}, found {grade}");
            Assert.False(kind == "adversarial" && grade.IsCorrect && !correct, $"{pair["id"]}: accepted");
        }

        var report = string.Join('\n', missed);
        Assert.True(kinds.Values.Sum(k => k.Agreed) >= 0.98 * kinds.Values.Sum(k => k.Pairs), report);
        Assert.All(kinds, k => Assert.True(k.Value.Agreed >= 0.95 * k.Value.Pairs, $"{k.Key}: {k.Value}\n{report}"));
    }

    [Fact]
    public void Every_gold_answer_of_the_MATH_test_set_equals_itself()
    {
        var grader = new SemanticGrader();
        foreach (var (_, row) in JsonLines.Read(Fixtures.DataFile("math-test.jsonl")))
        {
            var answer = (string)row["answer"]!;
            Assert.True(grader.Grade($"Final Answer: ${answer}$", answer).IsCorrect, answer);
        }
    }
}
