using System.Text.Json.Nodes;
using ParallelR1.IO;
using ParallelR1.Rewards;
using ParallelR1.Thinking;

namespace ParallelR1.Tests.Parity;

public sealed class RewardParityTests
{
    private const double Tolerance = 1e-9;

    [Theory]
    [InlineData("math.jsonl", RewardFamily.Math)]
    [InlineData("gsm8k.jsonl", RewardFamily.Gsm8k)]
    public void Every_reward_equals_the_reference(string file, RewardFamily family)
    {
        var failures = new CaseFailures();
        foreach (var value in Lines(file))
        {
            failures.Case = $"{value["id"]} {value["reward_method"]}";
            var options = new RewardOptions { Family = family, Method = (string)value["reward_method"]! };
            if (value["expected_error"] is not null)
            {
                Assert.Throws<UsageException>(() => new RewardFunction(options));
                continue;
            }

            var result = new RewardFunction(options).Score(
                (string)value["text_with_tags"]!, (string)value["text_without_tags"]!, (string)value["ground_truth"]!, (long)value["step"]!);

            var expected = value["expected"]!;
            Close(failures, "score", expected["score"]!, result.Score);
            if (expected["acc"] is { } accuracy)
                failures.Compare("acc", [(bool)accuracy], [result.Correct]);
            if (expected["pred"] is { } prediction)
                failures.Compare("pred", (string)prediction!, result.Prediction!);
            if (expected["eff_gain"] is { } gain)
            {
                Close(failures, "gain", gain, result.Efficiency!.Value.Gain);
                failures.Compare("words", [(int)expected["total_tokens"]!, (int)expected["traversed_tokens"]!, (int)expected["num_parallel"]!],
                    [result.Efficiency.Value.TotalWords, result.Efficiency.Value.TraversedWords, result.Parallel]);
            }
        }

        failures.Assert();
    }

    [Fact]
    public void Every_data_source_goes_to_its_family()
    {
        foreach (var value in Lines("dispatch.jsonl"))
            Assert.Equal((string?)value["family"], RewardFunction.FamilyOf((string)value["data_source"]!)?.ToString().ToLowerInvariant() ?? "none");
    }

    [Fact]
    public void Both_validators_judge_every_text_alike()
    {
        var failures = new CaseFailures();
        foreach (var value in Lines("validator.jsonl"))
        {
            failures.Case = (string)value["id"]!;
            failures.Compare("valid", [(bool)value["valid"]!], [FormatValidator.Check((string)value["text"]!).IsValid]);
        }

        foreach (var value in Lines("algorithm1.jsonl"))
        {
            failures.Case = $"brackets {value["id"]}";
            failures.Compare("valid", [(bool)value["valid"]!], [BracketValidator.Check((string)value["text"]!).Count == 0]);
        }

        failures.Assert();
    }

    [Fact]
    public void Every_efficiency_equals_the_reference()
    {
        var failures = new CaseFailures();
        foreach (var value in Lines("efficiency.jsonl"))
        {
            failures.Case = (string)value["id"]!;
            var expected = value["expected"]!;
            var found = Efficiency.Of((string)value["text"]!, Enum.Parse<PathMode>((string)value["path_mode"]!, ignoreCase: true));
            failures.Compare("words", [(int)expected["total_tokens"]!, (int)expected["traversed_tokens"]!, (int)expected["num_parallel"]!],
                [found.TotalWords, found.TraversedWords, found.Blocks]);
            Close(failures, "gain", expected["eff_gain"]!, found.Gain);
        }

        failures.Assert();
    }

    [Fact]
    public void Every_self_bleu_equals_the_reference()
    {
        var failures = new CaseFailures();
        foreach (var value in Lines("diversity.jsonl"))
        {
            failures.Case = (string)value["id"]!;
            foreach (var block in value["expected"]!["blocks"]?.AsArray() ?? [])
            {
                if (block!["tokens"] is not JsonArray tokens)
                    continue;
                foreach (var (path, words) in block["paths"]!.AsArray().Zip(tokens))
                    failures.Compare("tokens", words!.AsArray().Select(w => (string)w!), BleuTokenizer.Tokenize((string)path!));
            }

            Close(failures, "self-BLEU", value["expected"]!["average_self_bleu"]!, SelfBleu.Average((string)value["text"]!));
        }

        failures.Assert();
    }

    [Fact]
    public void Teacher_texts_become_the_published_responses_where_only_white_space_differs()
    {
        var rows = JsonLines.Read(Fixtures.DataFile("parallel-gsm8k-sample.jsonl")).Select(x => x.Value).ToArray();

        var equal = rows.Count(row => TeacherText.Canonicalise((string)row["teacher_text"]!) == (string)row["response"]!);

        Assert.InRange(equal, 293, rows.Length);
    }

    private static IEnumerable<JsonObject> Lines(string file) => JsonLines.Read(Path.Combine(Fixtures.Folder("rewards"), file)).Select(x => x.Value);

    private static void Close(CaseFailures failures, string what, JsonNode expected, double actual)
    {
        if (!(Math.Abs((double)expected - actual) <= Tolerance))
            failures.Compare(what, [(double)expected], [actual]);
    }
}
