using ParallelR1.Data;
using ParallelR1.Data.ColdStart;
using ParallelR1.IO;

namespace ParallelR1.Tests.Data.ColdStart;

/// <summary>Answers that a real teacher gave.</summary>
public sealed class RecordedTeacherTests(ITestOutputHelper output)
{
    [Fact]
    public void Recorded_answers_give_the_published_responses_and_a_yield()
    {
        var file = Fixtures.DataFile("parallel-gsm8k-sample.jsonl");
        var judge = new ExampleJudge();
        var (rows, equal, kept, valid, correct) = (0, 0, 0, 0, 0);
        var faults = new SortedDictionary<ExampleFault, int>();
        foreach (var (_, row) in JsonLines.Read(file))
        {
            var problem = ((string)row["prompt"]!).Split("Problem: ", 2)[1];
            var verdict = judge.Judge(new Problem((string)row["id"]!, problem, (string)row["answer"]!, null, "s", "train", []), (string)row["teacher_text"]!, "stop");
            rows++;
            equal += verdict.Response == (string)row["response"]! ? 1 : 0;
            kept += verdict.IsKept ? 1 : 0;
            valid += verdict.IsValidFormat ? 1 : 0;
            correct += verdict.Grade.IsCorrect ? 1 : 0;
            foreach (var fault in verdict.Faults)
                faults[fault] = faults.GetValueOrDefault(fault) + 1;
        }

        output.WriteLine($"{rows} rows, {equal} equal, {valid} valid, {correct} correct, {kept} kept; {string.Join(", ", faults.Select(f => $"{f.Key} {f.Value}"))}");
        Assert.True(equal >= rows * 293 / 341, $"{equal} of {rows} responses are equal");
        Assert.True(valid >= rows * 0.97 && correct >= rows * 0.99, $"{valid} valid and {correct} correct of {rows}");
        Assert.True(kept >= rows * 0.6, $"only {kept} of {rows} are kept");
    }
}
