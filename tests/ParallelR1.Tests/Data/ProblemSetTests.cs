using ParallelR1.Data;

namespace ParallelR1.Tests.Data;

public class ProblemSetTests
{
    [Theory]
    [InlineData("gsm8k", 1319, "gsm8k-test-0", "18")]
    [InlineData("gsm8k-train", 7473, "gsm8k-train-0", "72")]
    [InlineData("math", 5000, "math-test-0", "2")]
    [InlineData("aime24", 30, "aime24-0", "540")]
    [InlineData("aime25", 30, "aime25-0", "70")]
    [InlineData("amc23", 40, "amc23-0", "27")]
    [InlineData("math-316", 316, "math-316-0", "9")]
    [InlineData("evaluation-mix", 416, "aime25-0", "70")]
    public void A_known_set_loads_by_name(string name, int count, string firstId, string firstAnswer)
    {
        Fixtures.DataFile("counts.json");
        var problems = ProblemSet.Load(name).ToList();
        Assert.Equal(count, problems.Count);
        Assert.Equal((firstId, firstAnswer), (problems[0].Id, problems[0].Answer));
        Assert.Equal(count, problems.Select(p => p.Id).Distinct().Count());
        Assert.DoesNotContain(problems, p => BoxedAnswer.IsCut(p.Answer));
    }

    [Theory]
    [InlineData("gsm8k-test")]
    [InlineData("gsm8k-train")]
    public void The_rows_of_the_original_file_give_the_same_records(string name)
    {
        var original = ProblemSet.Load(Fixtures.DataFile($"parquet/{name}.parquet")).Select(p => (p.Text, p.Answer, p.Solution));
        var records = ProblemSet.Load(Fixtures.DataFile($"{name}.jsonl")).Select(p => (p.Text, p.Answer, p.Solution));
        Assert.Equal(records, original);
    }

    [Fact]
    public void The_gold_answers_of_math_that_were_cut_are_repaired()
    {
        Fixtures.DataFile("math-test.jsonl");
        Assert.Equal(66, ProblemSet.LoadRaw("math").Count(p => BoxedAnswer.IsCut(p.Answer)));
        var repaired = ProblemSet.Load("math").Where(p => p.Meta.ContainsKey("published_answer")).ToList();
        Assert.Equal(66, repaired.Count);
        Assert.All(repaired, p => Assert.StartsWith((string)p.Meta["published_answer"]!, p.Answer));
    }

    [Fact]
    public void The_templates_of_the_published_mix_come_off()
    {
        var with = ProblemSet.Load(Fixtures.DataFile("parquet/apo-combine-test-v3.parquet")).Select(p => (p.Text, p.Answer));
        var without = ProblemSet.Load(Fixtures.DataFile("parquet/apo-combine-test.parquet")).Select(p => (p.Text, p.Answer));
        Assert.Equal(without, with);
    }

    [Fact]
    public void The_published_faults_of_dapo_are_left_out()
    {
        Fixtures.DataFile("parquet/dapo-train.parquet");
        Assert.Equal(17917, ProblemSet.LoadRaw("dapo-math-17k").Count());
        var rejected = new List<Rejection>();
        var kept = new ProblemCleaner().Clean(ProblemSet.LoadRaw("dapo-math-17k"), rejected.Add).ToList();
        Assert.Equal(17917, kept.Count + rejected.Count);
        Assert.Equal(293, rejected.Count(r => r.Reason == RejectReason.CutProblem));
        Assert.DoesNotContain(kept, p => ProblemCleaner.IsCut(p.Text));
        Assert.Equal(kept.Count, kept.Select(p => p.Text).Distinct().Count());
        Assert.Equal(kept.Select(p => p.Id), ProblemSet.Load("dapo-math-17k").Select(p => p.Id));
    }

    [Fact]
    public void A_problem_of_several_paragraphs_stays_whole_when_read_from_the_original_set()
    {
        using var folder = new TemporaryFolder();
        const string row = """
            {"data_source":"math_dapo","prompt":[{"content":"Solve the following math problem step by step. The last line of your response should be of the form Answer: $Answer (without quotes) where $Answer is the answer to the problem.\n\nConsider the system:\n\n\\[x+y=3\\]\n\nFind $xy$ if $x=1$.\n\nRemember to put your answer on its own line after \"Answer:\".","role":"user"}],"reward_model":{"ground_truth":"2","style":"rule"},"extra_info":{"index":"abc"}}
            """;
        var problem = Assert.Single(ProblemSet.Load(folder.Write("original.jsonl", row)));
        Assert.Equal("Consider the system:\n\n\\[x+y=3\\]\n\nFind $xy$ if $x=1$.", problem.Text);
        Assert.Equal(("2", "abc", "math_dapo"), (problem.Answer, problem.Id, problem.Source));
    }

    [Theory]
    [InlineData("#### 1,080", "1080")]
    [InlineData("#### $-1,234,567.50", "$-1234567.50")]
    [InlineData("#### 2,125 km", "2125 km")]
    [InlineData("#### (3, 4)", "(3, 4)")]
    [InlineData("#### (100,200)", "(100,200)")]
    [InlineData("#### \\{100,200\\}", "\\{100,200\\}")]
    [InlineData("#### 1, 2, 3", "1, 2, 3")]
    [InlineData("#### 1,2,3", "1,2,3")]
    [InlineData("#### 1,000, 2,000", "1000, 2000")]
    [InlineData("#### 12,34", "12,34")]
    [InlineData("#### 1,2345", "1,2345")]
    [InlineData("#### 0,125", "0,125")]
    [InlineData("#### x = 3, y = 4", "x = 3, y = 4")]
    [InlineData("#### 5\n#### ", "5")]
    [InlineData("#### 5\n####\n####\\ ", "5")]
    [InlineData("It is \\boxed{5}.\n####", "5")]
    public void Commas_go_from_the_numbers_of_a_marked_answer_only(string worked, string answer)
    {
        using var folder = new TemporaryFolder();
        var row = new System.Text.Json.Nodes.JsonObject { ["question"] = "How much?", ["answer"] = $"So it is.\n{worked}" };
        Assert.Equal(answer, Assert.Single(ProblemSet.Load(folder.Write("own.jsonl", row.ToJsonString()))).Answer);
    }

    [Theory]
    [InlineData("""{"prompt":[{"role":"user","content":"Q?"}],"answer":"1"}""", "user Q?")]
    [InlineData("""{"prompt":[{"role":"system","content":"S"},{"role":"user","content":"Q?"}],"answer":"1"}""", "system S, user Q?")]
    [InlineData("""{"prompt":[{"role":"user","content":"A?"},{"role":"assistant","content":"B."},{"role":"user","content":"Q?"}],"reward_model":{"ground_truth":"1"}}""", "user A?, assistant B., user Q?")]
    [InlineData("""{"messages":[{"role":"system","content":"S"},{"role":"user","content":"Q?"},{"role":"assistant","content":"It is 1."}],"answer":"1"}""", "system S, user Q?")]
    [InlineData("""{"chat":[{"role":"system","content":"S"},{"role":"user","content":"Q?"}],"answer":"1"}""", "system S, user Q?", "problem=chat")]
    public void A_chat_is_asked_whole(string row, string asked, params string[] map)
    {
        using var folder = new TemporaryFolder();

        var problem = Assert.Single(ProblemSet.Load(folder.Write("chat.jsonl", row), FieldMap.Parse(map, "--map")));

        Assert.Equal(asked, string.Join(", ", problem.Earlier.Select(m => $"{m.Role} {m.Content}").Append($"user {problem.Text}")));
    }

    [Theory]
    [InlineData("""{"prompt":[{"role":"user","content":"Q?"},{"role":"assistant","content":"It is"}],"answer":"1"}""", "'prompt' ends with a message of the role 'assistant', expected one of the user")]
    [InlineData("""{"prompt":[{"role":"tool","content":"Q?"}],"answer":"1"}""", "'prompt[0].role' is 'tool', expected system, user, assistant")]
    [InlineData("""{"prompt":[{"role":"user","content":[{"type":"image"}]}],"answer":"1"}""", "'prompt[0].content' is a list of 1, expected a string")]
    [InlineData("""{"prompt":["Q?"],"answer":"1"}""", "'prompt[0]' is a string, expected a message")]
    public void A_chat_that_cannot_be_asked_is_an_error_that_names_the_message(string row, string expected)
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("chat.jsonl", row);

        var error = Assert.Throws<InputException>(() => ProblemSet.Load(file).ToList());

        Assert.StartsWith($"{file}:1: {expected}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_mapping_names_the_columns_of_a_users_own_file()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("own.jsonl", """{"task":{"text":"1 + 1?"},"gold":[{"value":2}],"hard":true}""");
        var map = new Dictionary<string, string> { ["problem"] = "task.text", ["answer"] = "gold.0.value", ["meta.hard"] = "hard" };
        var problem = Assert.Single(ProblemSet.Load(file, map));
        Assert.Equal("""{"id":"own-0","problem":"1 + 1?","answer":"2","source":"own","split":"","meta":{"hard":true}}""", problem.ToJson().ToJsonString(ParallelR1.IO.JsonLines.Options));
    }

    [Fact]
    public void A_row_without_an_answer_is_an_error_that_names_line_and_columns()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("own.jsonl", "{\"problem\":\"p\",\"answer\":\"1\"}\n{\"problem\":\"p\",\"gold\":2}\n");
        var error = Assert.Throws<InputException>(() => ProblemSet.Load(file).ToList());
        Assert.StartsWith($"{file}:2: no answer found; the columns are problem, gold", error.Message);
    }

    [Fact]
    public void An_unknown_name_and_an_unknown_field_are_wrong_usage()
    {
        using var folder = new TemporaryFolder();
        Assert.Contains("aime24", Assert.Throws<UsageException>(() => ProblemSet.Load("no-such-set")).Message);
        var file = folder.Write("own.jsonl", "{}");
        Assert.Contains("--map is for files", Assert.Throws<UsageException>(() => ProblemSet.Load("synthetic", new Dictionary<string, string> { ["answer"] = "x" })).Message);
        Assert.Contains("The fields are", Assert.Throws<UsageException>(() => ProblemSet.Load(file, new Dictionary<string, string> { ["anser"] = "x" })).Message);
    }

    [Theory]
    [InlineData("so $\\boxed{\\frac{1}{2}}$ and \\boxed{\\frac{\\sqrt{3}}{3}}.", "\\frac{\\sqrt{3}}{3}")]
    [InlineData("\\fbox{7}", "7")]
    [InlineData("\\boxed{\\{1, 2\\}}", "\\{1, 2\\}")]
    [InlineData("\\boxed{1} then \\boxed{2", "1")]
    [InlineData("\\boxed{7} and so \\boxed{}", "7")]
    [InlineData("\\boxed{7} and so \\boxed{ \n }", "7")]
    [InlineData("\\boxed{7} and so \\boxed{\\ }", "7")]
    [InlineData("\\boxed{7} and so \\fbox{$\\;\\quad~$}", "7")]
    [InlineData("\\boxed{7} and so \\boxed{\\text{ }\\hspace{1cm}}", "7")]
    [InlineData("\\boxed{ 7\\ }", "7")]
    [InlineData("\\boxed{7} and so \\boxed{\\{\\}}", "\\{\\}")]
    [InlineData("\\boxed{7} and so \\boxed{\\quadratic}", "\\quadratic")]
    [InlineData("\\boxed{}", null)]
    [InlineData("no box", null)]
    public void The_last_box_is_read_with_its_inner_braces(string solution, string? expected) =>
        Assert.Equal(expected, BoxedAnswer.Last(solution));
}
