using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using ParallelR1.Cli.Output;
using ParallelR1.Data;
using ParallelR1.Data.ColdStart;
using ParallelR1.IO;
using ParallelR1.Rewards;
using ParallelR1.Thinking;
using ParallelR1.Tokenization;
using Spectre.Console;

namespace ParallelR1.Cli.Commands;

/// <summary><c>data cold-start</c>: examples of parallel thinking from a teacher.</summary>
internal sealed class DataColdStartCommand
{
    private const string KeyVariable = "PARALLELR1_TEACHER_KEY";

    private static readonly TeacherOptions s_teacher = new() { Address = "", Model = "" };
    private static readonly ColdStartOptions s_run = new() { Teacher = s_teacher };

    private readonly Option<string> _problems = new("--problems") { Description = "a known set, or a JSONL or Parquet file", Required = true };
    private readonly MapOption _map = new();
    private readonly Option<string> _address = new("--teacher") { Description = "address of an OpenAI-compatible server", Required = true, HelpName = "URL" };
    private readonly Option<string> _model = new("--model") { Description = "the teacher's name on that server", Required = true };
    private readonly Option<string> _out = new("--out") { Description = "folder for the journal, examples.jsonl, rejected.jsonl, report.json", Required = true, HelpName = "DIR" };
    private readonly Option<int> _samples = new("--samples") { Description = "answers to ask for, for each problem", DefaultValueFactory = _ => s_run.Samples };
    private readonly Option<int> _concurrency = new("--concurrency") { Description = "requests at the same time", DefaultValueFactory = _ => s_run.Concurrency };
    private readonly Option<bool> _resume = new("--resume") { Description = "resume what DIR holds; nothing is asked twice" };
    private readonly Option<int?> _limit = new("--limit") { Description = "only the first N problems" };
    private readonly Option<double> _temperature = new("--temperature") { Description = "sampling temperature", DefaultValueFactory = _ => s_teacher.Temperature };
    private readonly Option<double> _topP = new("--top-p") { Description = "nucleus sampling", DefaultValueFactory = _ => s_teacher.TopP };
    private readonly Option<int> _maxTokens = new("--max-tokens") { Description = "tokens of a reply, its thinking included", DefaultValueFactory = _ => s_teacher.MaxTokens };
    private readonly Option<long> _seed = new("--seed") { Description = "what the seeds that are sent are drawn from" };
    private readonly Option<string?> _prompt = new("--prompt") { Description = "a file with another prompt for the teacher; {Problem} is where the problem goes" };
    private readonly Option<string?> _extra = new("--extra") { Description = "a JSON object put into every request, as in '{\"top_k\": 20, \"seed\": null}'; null takes a field out" };
    private readonly Option<double> _timeout = new("--timeout") { Description = "seconds that a request may take", DefaultValueFactory = _ => s_teacher.Timeout.TotalSeconds };
    private readonly Option<int> _retries = new("--retries") { Description = "how often a failed request is sent again", DefaultValueFactory = _ => s_teacher.Retries };
    private readonly Option<double?> _requests = new("--requests-per-minute") { Description = "no more requests than that" };
    private readonly Option<double?> _tokens = new("--tokens-per-minute") { Description = "no more tokens of prompts and replies than that" };
    private readonly Option<double?> _promptPrice = new("--prompt-price") { Description = "price of a million tokens of prompts, for the cost" };
    private readonly Option<double?> _completionPrice = new("--completion-price") { Description = "price of a million tokens of replies" };
    private readonly Option<string> _keyVariable = new("--key-variable") { Description = "the environment variable that holds the API key", DefaultValueFactory = _ => KeyVariable, HelpName = "NAME" };
    private readonly Option<string> _grader = new("--grader") { Description = "strict, strict-gsm8k or semantic", DefaultValueFactory = _ => s_run.Filter.Grader };
    private readonly Option<int> _maxChars = new("--max-chars") { Description = "leave out longer examples", DefaultValueFactory = _ => s_run.Filter.MaxCharacters };
    private readonly Option<int> _maxLength = new("--max-length") { Description = "with --tokenizer: leave out examples of more tokens, problem and prompt included", DefaultValueFactory = _ => s_run.Filter.MaxTokens };
    private readonly Option<string?> _tokenizer = new("--tokenizer") { Description = "model folder whose tokenizer counts for --max-length", HelpName = "DIR" };
    private readonly Option<bool> _json = new("--json") { Description = "print the report as one JSON object" };
    private readonly Option<bool> _quiet = new("--quiet") { Description = "no progress" };

    public static Command Create() => new DataColdStartCommand().Build();

    private Command Build()
    {
        var command = new Command(
            "cold-start",
            "Asks a teacher for solutions with parallel blocks and keeps the good ones as examples for sft. The API key, if one is needed, is read from\n"
            + $"the environment variable {KeyVariable}; it is never stored.\n"
            + "Example: parallel-r1 data cold-start --problems gsm8k-train --teacher http://127.0.0.1:8080/v1 --model qwen3-8b --out cold-start --samples 2")
        {
            _problems, _map.Option, _address, _model, _out, _samples, _concurrency, _resume, _limit, _temperature, _topP, _maxTokens, _seed, _prompt, _extra, _timeout,
            _retries, _requests, _tokens, _promptPrice, _completionPrice, _keyVariable, _grader, _maxChars, _maxLength, _tokenizer, _json, _quiet,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var options = Options(parsed);
        var limit = parsed.GetValue(_limit);
        if (limit < 1)
            throw new UsageException($"--limit {limit}: at least 1 is needed");
        var problems = ProblemSet.Load(parsed.GetValue(_problems)!, _map.Read(parsed)).Take(limit ?? int.MaxValue);
        var folder = parsed.GetValue(_out)!;
        ColdStartReport report;
        using (var observer = ProgressObserver.Create(parsed.GetValue(_quiet)))
        using (var http = OpenHttp())
        {
            var run = new ColdStartRun(options, http, TimeProvider.System, observer);
            try
            {
                report = await run.RunAsync(problems, folder, parsed.GetValue(_resume), cancellation).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                await Console.Error.WriteLineAsync($"all answers are saved in {Path.Combine(folder, ColdStartRun.JournalFile)}; resume with --resume").ConfigureAwait(false);
                throw;
            }
        }

        if (parsed.GetValue(_json))
            Console.Out.WriteLine(report.ToJson().ToJsonString(JsonLines.Options));
        else
            YieldTable.Write(AnsiConsole.Console, report);
        if (report.Total.Kept == 0)
            throw NothingKept.Of(report, folder);
        if (!parsed.GetValue(_json))
            Console.Out.WriteLine($"wrote {report.Total.Kept:N0} examples to {Path.Combine(folder, ColdStartRun.ExamplesFile)}");
        return ExitCode.Done;
    }

    private ColdStartOptions Options(ParseResult parsed) => new()
    {
        Teacher = new TeacherOptions
        {
            Address = parsed.GetValue(_address)!,
            Model = parsed.GetValue(_model)!,
            ApiKey = Key(parsed.GetValue(_keyVariable)!),
            Temperature = parsed.GetValue(_temperature),
            TopP = parsed.GetValue(_topP),
            MaxTokens = parsed.GetValue(_maxTokens),
            Seed = parsed.GetValue(_seed),
            Extra = Extra(parsed.GetValue(_extra)),
            Timeout = Seconds(parsed.GetValue(_timeout)),
            Retries = parsed.GetValue(_retries),
            RequestsPerMinute = parsed.GetValue(_requests),
            TokensPerMinute = parsed.GetValue(_tokens),
        },
        PromptTemplate = Prompt(parsed.GetValue(_prompt)),
        Samples = parsed.GetValue(_samples),
        Concurrency = parsed.GetValue(_concurrency),
        PromptPrice = parsed.GetValue(_promptPrice),
        CompletionPrice = parsed.GetValue(_completionPrice),
        Filter = new ExampleFilterOptions
        {
            Grader = parsed.GetValue(_grader)!,
            MaxCharacters = parsed.GetValue(_maxChars),
            MaxTokens = parsed.GetValue(_maxLength),
            CountTokens = Counter(parsed.GetValue(_tokenizer)),
            SelfBleu = SelfBleu.Average,
        },
    };

    private static HttpClient OpenHttp() => new(
        new SocketsHttpHandler
        {
            // A redirect would carry problems and key to somebody who was not named.
            AllowAutoRedirect = false,
            UseCookies = false,
            ConnectTimeout = TimeSpan.FromSeconds(30),
            AutomaticDecompression = System.Net.DecompressionMethods.All,
            PooledConnectionLifetime = TimeSpan.FromMinutes(15),
        })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    private static string? Key(string variable)
    {
        var key = Environment.GetEnvironmentVariable(variable)?.Trim();
        if (string.IsNullOrEmpty(key))
            return variable == KeyVariable ? null : throw new UsageException($"--key-variable {variable}: the environment has no such variable, or it is empty");
        return key;
    }

    private static TimeSpan Seconds(double seconds) =>
        seconds is > 0 and <= 86400 ? TimeSpan.FromSeconds(seconds) : throw new UsageException($"--timeout {seconds}: expected more than 0, at most 86400 seconds");

    private static string Prompt(string? file)
    {
        if (file is null)
            return TeacherPrompt.Default;
        return File.Exists(file) ? File.ReadAllText(file) : throw new UsageException($"--prompt {file}: no such file");
    }

    private static JsonObject? Extra(string? json)
    {
        if (json is null)
            return null;
        try
        {
            return JsonNode.Parse(json) as JsonObject ?? throw new UsageException($"--extra {json}: expected a JSON object");
        }
        catch (JsonException e)
        {
            throw new UsageException($"--extra {json}: not valid JSON: {JsonText.Fault(e)}", e);
        }
    }

    private static Func<string, string, int>? Counter(string? folder)
    {
        if (folder is null)
            return null;
        var tokenizer = Tokenizer.Load(folder);
        var template = ProblemTemplate.Load("parallel-thinking");
        return (problem, response) => tokenizer.Encode(template.Format(problem)).Length + tokenizer.Encode(response).Length + 1;
    }
}
