using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using ParallelR1.Data;
using ParallelR1.Data.ColdStart;
using ParallelR1.IO;

namespace ParallelR1.Tests.Data.ColdStart;

/// <summary>The whole way from problems to examples, against a server that behaves and misbehaves as teachers do.</summary>
public sealed class ColdStartRunTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false }) { Timeout = Timeout.InfiniteTimeSpan };
    private readonly JumpingClock _clock = new(TimeSpan.FromMinutes(5));
    private TestTeacher _teacher = null!;

    private string Out => _folder["out"];

    public async ValueTask InitializeAsync() => _teacher = await TestTeacher.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _teacher.DisposeAsync();
        _http.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Good_answers_become_examples_with_their_provenance()
    {
        _teacher.Answer = _ => $"<think>2 and 2... Final Answer: 5</think>\n\n{TestAnswers.Good("4")}";

        var report = await RunAsync(TestAnswers.Problems(3));

        Assert.Equal((3, 3, 3), (report.Total.ValidFormat, report.Total.Correct, report.Total.Kept));
        Assert.Empty(report.Faults);
        var example = Lines(ColdStartRun.ExamplesFile)[1];
        Assert.Equal("p-1/0", (string?)example["id"]);
        Assert.Equal("Basket 1 holds 2 apples and 2 pears. How many pieces of fruit?", (string?)example["problem"]);
        Assert.StartsWith("The basket holds apples and pears, and I need their number.\n<Parallel><Path>\nAdding", (string?)example["response"]);
        Assert.EndsWith("Final Answer: 4", (string?)example["response"]);
        Assert.Equal("4", (string?)example["answer"]);
        Assert.StartsWith("<think>", (string?)example["raw"]);
        Assert.False(example.ContainsKey("prompt"), "sft would take it as the prompt to train on");
        var teacher = example["teacher"]!;
        Assert.Equal(new Uri(_teacher.Endpoint).Authority, (string?)teacher["host"]);
        Assert.Equal("teacher-of-tests", (string?)teacher["model"]);
        Assert.Equal("teacher-of-tests-2", (string?)teacher["model_reported"]);
        Assert.Equal(0.7, (double?)teacher["sampling"]!["temperature"]);
        Assert.Equal(64, ((string?)teacher["template_sha256"])!.Length);
        Assert.Equal(1, (int?)teacher["attempts"]);
        Assert.True((bool?)example["verdicts"]!["reward_valid"]);
        Assert.Equal("correct", (string?)example["verdicts"]!["grade"]);
        Assert.Equal((300, 150), (report.Usage.PromptTokens, report.Usage.CompletionTokens));
        Assert.Empty(Lines(ColdStartRun.RejectedFile));
    }

    [Fact]
    public async Task Each_request_has_the_prompt_around_the_problem_and_a_seed_of_its_own()
    {
        await RunAsync(TestAnswers.Problems(2), samples: 2);

        var requests = _teacher.Requests.ToList();
        Assert.Equal(4, requests.Select(r => (int)r["seed"]!).Distinct().Count());
        Assert.All(requests, r => Assert.Contains("<Parallel>", (string)r["messages"]![0]!["content"]!));
        Assert.All(requests, r => Assert.Contains("How many pieces of fruit?", (string)r["messages"]![0]!["content"]!));
        Assert.All(_teacher.Authorizations, a => Assert.Empty(a));
    }

    [Fact]
    public async Task The_api_key_is_sent_and_written_nowhere()
    {
        await RunAsync(TestAnswers.Problems(1), teacher: Options(apiKey: "sk-very-secret"));

        Assert.Equal(["Bearer sk-very-secret"], _teacher.Authorizations);
        Assert.All(Directory.GetFiles(Out), f => Assert.DoesNotContain("very-secret", File.ReadAllText(f)));
    }

    [Fact]
    public async Task Bad_answers_are_left_out_with_counted_reasons()
    {
        var answers = new Dictionary<string, string>
        {
            ["Basket 0 "] = "",
            ["Basket 1 "] = "It is 4.\n\nFinal Answer: 4",
            ["Basket 2 "] = TestAnswers.Good("5"),
            ["Basket 3 "] = TestAnswers.Good("4").Replace("</Path>\n<Path>", "", StringComparison.Ordinal),
            ["Basket 4 "] = "<think>I wonder",
        };
        _teacher.Answer = prompt => answers.FirstOrDefault(a => prompt.Contains(a.Key, StringComparison.Ordinal)).Value ?? TestAnswers.Good("4");

        var report = await RunAsync(TestAnswers.Problems(6));

        Assert.Equal((2, 3, 1), (report.Total.ValidFormat, report.Total.Correct, report.Total.Kept));
        Assert.Equal(2, report.Faults[ExampleFault.Empty].First);
        Assert.Equal(1, report.Faults[ExampleFault.NoBlock].First);
        Assert.Equal(1, report.Faults[ExampleFault.WrongAnswer].First);
        Assert.Equal(1, report.Faults[ExampleFault.RewardFormat].First);
        var rejected = Lines(ColdStartRun.RejectedFile);
        Assert.Equal(5, rejected.Count);
        Assert.Equal("empty", (string?)rejected[0]["reasons"]![0]);
        Assert.Equal(0.333333, (double?)Json(ColdStartRun.ReportFile)["total"]!["valid_format_share"]);
    }

    [Fact]
    public async Task Answers_that_were_cut_off_are_left_out()
    {
        _teacher.FinishReason = "length";

        var report = await RunAsync(TestAnswers.Problems(2));

        Assert.Equal(2, report.Faults[ExampleFault.Truncated].First);
        Assert.Equal(0, report.Total.Kept);
    }

    [Fact]
    public async Task The_same_answer_to_the_same_problem_is_kept_once()
    {
        var report = await RunAsync(TestAnswers.Problems(2), samples: 3);

        Assert.Equal((2, 4), (report.Total.Kept, report.Faults[ExampleFault.Duplicate].First));
    }

    [Fact]
    public async Task Every_misbehaviour_that_passes_is_outlasted()
    {
        _teacher.Misbehave = async (context, number, _) =>
        {
            switch (number)
            {
                case 1:
                    context.Response.StatusCode = 500;
                    return true;
                case 2:
                    context.Response.StatusCode = 429;
                    context.Response.Headers.RetryAfter = "7";
                    return true;
                case 3:
                    await context.Response.WriteAsync(TestTeacher.Reply("cut")[..40]);
                    return true;
                case 4:
                    context.Response.ContentLength = 5000;
                    await context.Response.WriteAsync(TestTeacher.Reply("dropped"));
                    await context.Response.Body.FlushAsync();
                    context.Abort();
                    return true;
                case 5:
                    await context.Response.WriteAsync("""{"error": {"message": "the upstream is busy"}}""");
                    return true;
                case 6:
                    await context.Response.WriteAsync("""{"choices": [{"message": {"content": 7}}]}""");
                    return true;
                case 7:
                    context.Response.StatusCode = 503;
                    context.Response.Headers.RetryAfter = DateTimeOffset.UtcNow.AddSeconds(-5).ToString("R");
                    return true;
                default:
                    return false;
            }
        };

        var report = await RunAsync(TestAnswers.Problems(1), teacher: Options(retries: 10));

        Assert.Equal(1, report.Total.Kept);
        Assert.Equal(7, report.Usage.Retries);
        Assert.Contains(TimeSpan.FromSeconds(7), _clock.Waits);
    }

    [Fact]
    public async Task A_request_that_takes_too_long_is_broken_off_and_sent_again()
    {
        _teacher.Misbehave = async (context, number, _) =>
        {
            if (number == 1)
                await Task.Delay(TimeSpan.FromSeconds(30), context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
            return number == 1;
        };
        var heard = new Listener();

        var report = await RunAsync(TestAnswers.Problems(1), teacher: Options(timeout: 0.3), observer: heard, clock: TimeProvider.System);

        Assert.Equal((1, 1L), (report.Total.Kept, report.Usage.Retries));
        Assert.Contains(heard.Said, s => s.Contains("did not answer within 0.3 s", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Waits_between_retries_grow()
    {
        _teacher.Misbehave = (context, number, _) =>
        {
            if (number <= 5)
                context.Response.StatusCode = 502;
            return Task.FromResult(number <= 5);
        };

        await RunAsync(TestAnswers.Problems(1));

        var waits = _clock.Waits.Where(w => w >= TimeSpan.FromSeconds(0.5)).Take(5).ToList();
        Assert.Equal(5, waits.Count);
        Assert.All(waits.Zip(waits.Skip(1)), pair => Assert.True(pair.Second > pair.First));
    }

    [Theory]
    [InlineData(401, "does not accept the API key")]
    [InlineData(403, "does not accept the API key")]
    [InlineData(402, "requires payment")]
    [InlineData(404, "knows no model 'teacher-of-tests'")]
    [InlineData(301, "give that address with --teacher")]
    public async Task A_teacher_that_answers_nobody_is_a_clear_error_at_once(int status, string expected)
    {
        _teacher.Misbehave = async (context, _, _) =>
        {
            context.Response.StatusCode = status;
            await context.Response.WriteAsync("""{"error": {"message": "Incorrect key sk-very-secret"}}""");
            return true;
        };

        var error = await Assert.ThrowsAsync<TeacherException>(() => RunAsync(TestAnswers.Problems(50), teacher: Options(apiKey: "sk-very-secret")));

        Assert.Contains(expected, error.Message);
        Assert.DoesNotContain("very-secret", error.Message);
        Assert.True(_teacher.Requests.Count <= 4, $"{_teacher.Requests.Count} requests were sent");
        Assert.False(File.Exists(Path.Combine(Out, ColdStartRun.ExamplesFile)));
    }

    [Fact]
    public async Task A_teacher_that_asks_to_wait_for_hours_ends_the_run()
    {
        _teacher.Misbehave = (context, _, _) =>
        {
            context.Response.StatusCode = 429;
            context.Response.Headers.RetryAfter = "7200";
            return Task.FromResult(true);
        };

        var error = await Assert.ThrowsAsync<TeacherException>(() => RunAsync(TestAnswers.Problems(3)));

        Assert.Contains("asks to wait 7200 s", error.Message);
    }

    [Fact]
    public async Task A_teacher_that_is_down_ends_the_run_and_the_failed_samples_are_asked_again_later()
    {
        var down = true;
        _teacher.Misbehave = (context, _, _) =>
        {
            if (down)
                context.Response.StatusCode = 503;
            return Task.FromResult(down);
        };
        var error = await Assert.ThrowsAsync<TeacherException>(() => RunAsync(TestAnswers.Problems(40), teacher: Options(retries: 1)));
        Assert.Contains("in a row failed", error.Message);
        Assert.True(_teacher.Requests.Count < 40);

        down = false;
        var report = await RunAsync(TestAnswers.Problems(40), resume: true, teacher: Options(retries: 1));

        Assert.Equal(40, report.Total.Kept);
    }

    [Fact]
    public async Task A_refused_request_is_counted_and_not_sent_again()
    {
        _teacher.Misbehave = async (context, _, prompt) =>
        {
            if (!prompt.Contains("Basket 2 ", StringComparison.Ordinal))
                return false;
            context.Response.StatusCode = 400;
            await context.Response.WriteAsync("""{"error": {"message": "the prompt is too long"}}""");
            return true;
        };

        var report = await RunAsync(TestAnswers.Problems(5));
        var again = await RunAsync(TestAnswers.Problems(5), resume: true);

        Assert.Equal((1, 4), (report.Faults[ExampleFault.Refused].First, report.Total.Kept));
        Assert.Equal(report.ToJson().ToJsonString(), again.ToJson().ToJsonString());
        Assert.Equal(5, _teacher.Requests.Count);
        Assert.Contains("the prompt is too long", (string?)Lines(ColdStartRun.RejectedFile)[0]["teacher"]!["message"]);
    }

    [Fact]
    public async Task A_teacher_that_refuses_everything_is_an_error()
    {
        _teacher.Misbehave = (context, _, _) =>
        {
            context.Response.StatusCode = 400;
            return Task.FromResult(true);
        };

        var error = await Assert.ThrowsAsync<TeacherException>(() => RunAsync(TestAnswers.Problems(40)));
        Assert.Contains("were all refused", error.Message);

        _teacher.Misbehave = (_, _, _) => Task.FromResult(false);
        Assert.Equal(40, (await RunAsync(TestAnswers.Problems(40), resume: true)).Total.Kept);
    }

    [Fact]
    public async Task A_run_without_one_answer_is_an_error_however_few_the_problems()
    {
        _teacher.Misbehave = async (context, _, _) =>
        {
            context.Response.StatusCode = 422;
            await context.Response.WriteAsync("""{"detail": "no such sampler"}""");
            return true;
        };

        var error = await Assert.ThrowsAsync<TeacherException>(() => RunAsync(TestAnswers.Problems(2)));

        Assert.Contains("no such sampler", error.Message);
    }

    [Fact]
    public async Task A_teacher_that_cannot_be_reached_is_named()
    {
        var options = new TeacherOptions { Address = "http://127.0.0.1:1", Model = "m", Retries = 2 };

        var error = await Assert.ThrowsAsync<TeacherException>(() => RunAsync(TestAnswers.Problems(1), teacher: options));

        Assert.Contains("127.0.0.1:1 cannot be reached", error.Message);
        Assert.Contains("gave up after 3 attempts", error.Message);
    }

    [Fact]
    public async Task An_interrupted_run_goes_on_without_asking_anything_twice()
    {
        using var stop = new CancellationTokenSource();
        _teacher.Misbehave = (_, number, _) =>
        {
            if (number == 11)
                stop.Cancel();
            return Task.FromResult(false);
        };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => RunAsync(TestAnswers.Problems(30), stop: stop.Token, clock: TimeProvider.System));
        var first = _teacher.Answered.Count;
        Assert.InRange(first, 11, 29);
        Assert.False(File.Exists(Path.Combine(Out, ColdStartRun.ExamplesFile)));

        var report = await RunAsync(TestAnswers.Problems(30), resume: true);

        Assert.Equal(30, report.Total.Kept);
        Assert.Equal(30, _teacher.Answered.Count);
        Assert.Equal(30, _teacher.Answered.Distinct().Count());
    }

    [Fact]
    public async Task A_torn_last_line_is_repaired_and_only_its_answer_asked_again()
    {
        var whole = await RunAsync(TestAnswers.Problems(6));
        var journal = Path.Combine(Out, ColdStartRun.JournalFile);
        var examples = File.ReadAllLines(Path.Combine(Out, ColdStartRun.ExamplesFile)).Length;
        var bytes = File.ReadAllBytes(journal);
        File.WriteAllBytes(journal, bytes[..^25]);

        var report = await RunAsync(TestAnswers.Problems(6), resume: true);

        Assert.Equal(7, _teacher.Requests.Count);
        Assert.Equal(whole.Total, report.Total);
        Assert.Equal(examples, File.ReadAllLines(Path.Combine(Out, ColdStartRun.ExamplesFile)).Length);
        Assert.All(File.ReadAllLines(journal), line => JsonNode.Parse(line));
    }

    [Fact]
    public async Task A_journal_torn_at_any_byte_is_read_again()
    {
        await RunAsync(TestAnswers.Problems(2));
        var journal = Path.Combine(Out, ColdStartRun.JournalFile);
        var bytes = File.ReadAllBytes(journal);

        for (var length = 0; length <= bytes.Length; length += 97)
        {
            File.WriteAllBytes(journal, bytes[..length]);
            Assert.Equal(2, (await RunAsync(TestAnswers.Problems(2), resume: true)).Total.Kept);
        }
    }

    [Fact]
    public async Task A_journal_damaged_in_the_middle_is_an_error_with_its_line()
    {
        await RunAsync(TestAnswers.Problems(4));
        var journal = Path.Combine(Out, ColdStartRun.JournalFile);
        var lines = File.ReadAllLines(journal);
        lines[2] = lines[2][..20];
        File.WriteAllLines(journal, lines);

        var error = await Assert.ThrowsAsync<InputException>(() => RunAsync(TestAnswers.Problems(4), resume: true));

        Assert.Contains("journal.jsonl:3:", error.Message);
    }

    [Fact]
    public async Task A_folder_that_holds_a_run_needs_resume()
    {
        await RunAsync(TestAnswers.Problems(1));

        var error = await Assert.ThrowsAsync<UsageException>(() => RunAsync(TestAnswers.Problems(1)));

        Assert.Contains("--resume", error.Message);
    }

    [Fact]
    public async Task A_run_is_not_resumed_with_other_settings_or_problems()
    {
        await RunAsync(TestAnswers.Problems(1));

        var settings = await Assert.ThrowsAsync<UsageException>(() => RunAsync(TestAnswers.Problems(1), resume: true, teacher: Options(model: "another")));
        var problems = await Assert.ThrowsAsync<UsageException>(() =>
            RunAsync([TestAnswers.Problem(0) with { Text = "Another?" }], resume: true));

        Assert.Contains("model", settings.Message);
        Assert.Contains("'p-0' had another text", problems.Message);
    }

    [Fact]
    public async Task More_samples_and_problems_may_be_asked_for_later()
    {
        await RunAsync(TestAnswers.Problems(2));

        var report = await RunAsync(TestAnswers.Problems(3), resume: true, samples: 2);

        Assert.Equal((6, 6), (_teacher.Requests.Count, report.Total.Samples));
    }

    [Fact]
    public async Task Two_problems_of_one_id_are_an_error_before_anything_is_asked()
    {
        await Assert.ThrowsAsync<InputException>(() => RunAsync([TestAnswers.Problem(1), TestAnswers.Problem(1)]));

        Assert.Empty(_teacher.Requests);
    }

    [Fact]
    public async Task Requests_and_tokens_keep_to_their_limits_a_minute()
    {
        var begun = _clock.GetUtcNow();

        await RunAsync(TestAnswers.Problems(7), teacher: Options(requestsPerMinute: 6), concurrency: 3);
        var byRequests = _clock.GetUtcNow() - begun;
        begun = _clock.GetUtcNow();
        Directory.Delete(Out, recursive: true);
        await RunAsync(TestAnswers.Problems(7), teacher: Options(tokensPerMinute: 300), concurrency: 1);
        var byTokens = _clock.GetUtcNow() - begun;

        Assert.True(byRequests >= TimeSpan.FromSeconds(60), $"7 requests took {byRequests}");
        Assert.True(byTokens >= TimeSpan.FromSeconds(180), $"7 requests of 150 tokens took {byTokens}");
    }

    [Fact]
    public async Task The_cost_follows_from_the_prices()
    {
        var run = new ColdStartRun(
            new ColdStartOptions { Teacher = Options(), PromptPrice = 2, CompletionPrice = 10 }, _http, _clock);

        var report = await run.RunAsync(TestAnswers.Problems(4), Out, false, default);

        Assert.Equal(4 * ((100 * 2) + (50 * 10)) / 1e6, report.Usage.Cost!.Value, 12);
    }

    [Theory]
    [InlineData("ftp://host")]
    [InlineData("localhost:8080")]
    [InlineData("http://user:secret@host/v1")]
    public void An_address_that_cannot_be_asked_is_refused(string address)
    {
        var error = Assert.Throws<UsageException>(() => new TeacherClient(_http, new TeacherOptions { Address = address, Model = "m" }));

        Assert.DoesNotContain("secret", error.Message);
    }

    private TeacherOptions Options(
        string model = "teacher-of-tests", string? apiKey = null, int retries = 6, double timeout = 600, double? requestsPerMinute = null, double? tokensPerMinute = null) => new()
        {
            Address = _teacher.Endpoint,
            Model = model,
            ApiKey = apiKey,
            Retries = retries,
            Timeout = TimeSpan.FromSeconds(timeout),
            RequestsPerMinute = requestsPerMinute,
            TokensPerMinute = tokensPerMinute,
        };

    private Task<ColdStartReport> RunAsync(
        IReadOnlyList<Problem> problems,
        bool resume = false,
        int samples = 1,
        int concurrency = 4,
        TeacherOptions? teacher = null,
        IRunObserver? observer = null,
        TimeProvider? clock = null,
        CancellationToken stop = default)
    {
        var options = new ColdStartOptions { Teacher = teacher ?? Options(), Samples = samples, Concurrency = concurrency };
        return new ColdStartRun(options, _http, clock ?? _clock, observer).RunAsync(problems, Out, resume, stop);
    }

    private List<JsonObject> Lines(string file) => [.. JsonLines.Read(Path.Combine(Out, file)).Select(l => l.Value)];

    private JsonObject Json(string file) => JsonNode.Parse(File.ReadAllText(Path.Combine(Out, file)))!.AsObject();

    private sealed class Listener : IRunObserver
    {
        public System.Collections.Concurrent.ConcurrentQueue<string> Said { get; } = [];

        public void Report(RunProgress progress)
        {
        }

        public void Say(string message) => Said.Enqueue(message);
    }
}
