using System.Diagnostics;
using System.Text.Json.Nodes;
using ParallelR1.Cli;
using ParallelR1.Generation;
using ParallelR1.Tests.Tokenization;
using ParallelR1.Thinking;
using static ParallelR1.Tests.Cli.CommandFolder;

namespace ParallelR1.Tests.Cli;

public sealed class GenerateCommandTests(CommandFolder folder) : IClassFixture<CommandFolder>
{
    private static readonly string[] s_small = ["--max-tokens", "60", "--path-tokens", "6", "--summary-tokens", "4", "--quiet"];

    [Fact]
    public async Task Lines_come_out_as_promised_and_in_order()
    {
        var opened = TinyTokenizer.Instance.IdOf("<Parallel>")!.Value;
        var (status, lines) = await folder.RunLinesAsync(
            "generate",
            $$"""
            {"id": "text", "prompt": "12 apples"}
            {"id": 7, "prompt_ids": [30, 31, 32], "lead": [40, {{opened}}]}
            {"prompt_ids": [30]}
            """,
            s_small);
        Assert.Equal(0, status);
        Assert.Equal(3, lines!.Count);
        Assert.All(lines, line =>
        {
            Assert.Equal(["id", "prompt_ids", "ids", "text", "sampled", "logprobs", "blocks", "finish"], line.Select(p => p.Key));
            var ids = Ints(line["ids"]);
            Assert.InRange(ids.Length, 1, 60);
            Assert.Equal(ids.Length, Ints(line["sampled"]).Length);
            Assert.Equal(ids.Length, Floats(line["logprobs"]).Length);
            Assert.Equal(TinyTokenizer.Instance.Decode(ids), (string)line["text"]!);
            Assert.Contains((string)line["finish"]!, new[] { "eos", "length" });
        });
        Assert.Equal("text", (string)lines[0]["id"]!);
        Assert.Contains("<Parallel>", TinyTokenizer.Instance.Decode(Ints(lines[0]["prompt_ids"])), StringComparison.Ordinal);
        Assert.Equal(7, (int)lines[1]["id"]!);
        Assert.Equal([40, opened], Ints(lines[1]["ids"])[..2]);
        Assert.Equal([0, 0], Ints(lines[1]["sampled"])[..2]);
        Assert.True((int)lines[1]["blocks"]! >= 1);
        Assert.Null(lines[2]["id"]);
    }

    [Theory]
    [InlineData("unseen")]
    [InlineData("seen", "--dtype", "bf16")]
    public async Task Exact_scoring_reads_back_the_bits_of_exact_decoding_in_a_file_and_alone(string visibility, params string[] more)
    {
        var opened = TinyTokenizer.Instance.IdOf("<Parallel>")!.Value;
        var prompts = Enumerable.Range(0, 64).Select(i => $$"""{"id": {{i}}, "prompt_ids": [{{30 + i}}, 31, 32], "lead": [{{(i % 2 == 0 ? $"40, {opened}" : "")}}]}""");
        var (_, generated) = await folder.RunLinesAsync("generate", string.Join('\n', prompts), ["--exact", "--visibility", visibility, "--paths", "3", .. s_small, .. more]);
        var lines = generated!.Select(line => $$"""{"id": 1, "ids": [{{string.Join(',', Ints(line["prompt_ids"]).Concat(Ints(line["ids"])))}}], "prompt_length": 3}""").ToArray();

        var (_, together) = await folder.RunLinesAsync("score", string.Join('\n', lines), ["--exact", "--visibility", visibility, .. more]);
        var (_, alone) = await folder.RunLinesAsync("score", lines[9], ["--exact", "--visibility", visibility, .. more]);

        Assert.Equal(64, together!.Count);
        Assert.All(generated!.Zip(together), pair => Assert.Equal(pair.First["logprobs"]!.ToJsonString(), LastOf(pair.Second, Ints(pair.First["ids"]).Length)));
        Assert.Equal(together[9]["logprobs"]!.ToJsonString(), alone![0]["logprobs"]!.ToJsonString());

        static string LastOf(JsonObject line, int count) => new JsonArray([.. line["logprobs"]!.AsArray().TakeLast(count).Select(x => x!.DeepClone())]).ToJsonString();
    }

    [Fact]
    public async Task Scoring_gives_the_log_probabilities_of_the_engine()
    {
        foreach (var visibility in new[] { "unseen", "seen" })
        {
            var opened = TinyTokenizer.Instance.IdOf("<Parallel>")!.Value;
            var (_, generated) = await folder.RunLinesAsync(
                "generate",
                $$"""
                {"id": 1, "prompt_ids": [30, 31, 32], "lead": [40, {{opened}}]}
                {"id": 2, "prompt_ids": [50, 31], "lead": [41, {{opened}}]}
                """,
                ["--visibility", visibility, "--paths", "3", "--dtype", "f32", .. s_small]);
            var asked = generated!.Select(g => new JsonObject
            {
                ["id"] = g["id"]!.DeepClone(),
                ["ids"] = new JsonArray([.. Ints(g["prompt_ids"]).Concat(Ints(g["ids"])).Select(i => (JsonNode)i)]),
                ["prompt_length"] = Ints(g["prompt_ids"]).Length,
            }.ToJsonString());
            var (status, scored) = await folder.RunLinesAsync("score", string.Join('\n', asked), "--visibility", visibility);
            Assert.Equal(0, status);
            for (var i = 0; i < generated!.Count; i++)
            {
                var (sampled, mine) = (Ints(generated[i]["sampled"]), Floats(generated[i]["logprobs"]));
                var trainer = Floats(scored![i]["logprobs"])[(Ints(generated[i]["prompt_ids"]).Length - 1)..];
                Assert.Equal(mine.Length, trainer.Length);
                for (var t = 0; t < mine.Length; t++)
                    Assert.True(sampled[t] == 0 || Math.Abs(mine[t] - trainer[t]) <= 2e-5 * Math.Max(1, Math.Abs(trainer[t])), $"{visibility} {i} {t}: {mine[t]} against {trainer[t]}");
            }
        }
    }

    [Fact]
    public async Task Paths_are_numbered_as_the_model_was_trained_unless_said_otherwise()
    {
        using (var model = LanguageModel.Load(folder["model"]))
        {
            model.NumberPaths = true;
            model.Save(Directory.CreateDirectory(folder["numbered"]).FullName);
        }

        Assert.Equal(0, await NumberedAsync("model"));
        Assert.Equal(3, await NumberedAsync("model", "--number-paths"));
        Assert.Equal(3, await NumberedAsync("numbered"));
        Assert.Equal(0, await NumberedAsync("numbered", "--no-number-paths"));
        Assert.Equal(2, (await folder.RunLinesAsync("generate", "{\"prompt_ids\": [30]}", "--number-paths", "--no-number-paths")).Status);

        async Task<int> NumberedAsync(string name, params string[] more)
        {
            var opened = TinyTokenizer.Instance.IdOf("<Parallel>")!.Value;
            var (_, lines) = await folder.RunLinesAsync(
                "generate", $$"""{"prompt_ids": [30, 31], "lead": [{{opened}}]}""", ["--model", folder[name], "--paths", "3", "--blocks", "1", "--critical-tokens", "40", .. more, .. s_small]);
            var tokens = TraceLayout.Read(Ints(lines![0]["ids"]), 0, TagIds.Resolve(text => TinyTokenizer.Instance.Encode(text) is [var id] ? id : null));
            Assert.InRange(tokens.CriticalPathLength, 1, 40);
            return PathNumbers.Find((string)lines[0]["text"]!).Count();
        }
    }

    [Fact]
    public async Task Draws_depend_on_seed_and_id_and_not_on_the_lines_around()
    {
        const string Line = """{"id": "b", "prompt_ids": [30, 31, 32]}""";
        var (_, alone) = await folder.RunLinesAsync("generate", Line, s_small);
        var (_, among) = await folder.RunLinesAsync("generate", $$"""{"id": "a", "prompt_ids": [30, 31, 32]}{{"\n"}}{{Line}}{{"\n"}}{{Line}}""", s_small);
        var (_, other) = await folder.RunLinesAsync("generate", Line, [.. s_small, "--seed", "2"]);
        Assert.Equal(Ints(alone![0]["ids"]), Ints(among![1]["ids"]));
        Assert.NotEqual(Ints(among[0]["ids"]), Ints(among[1]["ids"]));
        Assert.NotEqual(Ints(among[1]["ids"]), Ints(among[2]["ids"]));
        Assert.NotEqual(Ints(alone[0]["ids"]), Ints(other![0]["ids"]));
    }

    [Fact]
    public async Task A_prompt_is_put_into_the_template_that_the_folder_records_unless_another_is_named()
    {
        RandomModelFolder.Write(folder["trained"]);
        TinyTokenizer.Instance.WithProblemTemplateText("Problem: {Problem}\n").Save(folder["trained"]);
        const string Line = """{"id": 1, "prompt": "12 {apples}"}""";
        Assert.Equal("Problem: 12 {apples}\n", await PromptAsync("--model", folder["trained"], "--template", "none"));
        Assert.Contains("user\nProblem: 12 {apples}\n", await PromptAsync("--model", folder["trained"]), StringComparison.Ordinal);
        Assert.Equal("12 {apples}", await PromptAsync("--model", folder["trained"], "--template", "none", "--prompt-template", "none"));
        Assert.Equal("12 {apples}", await PromptAsync("--model", folder["trained"], "--raw"));

        async Task<string> PromptAsync(params string[] more)
        {
            var (status, lines) = await folder.RunLinesAsync("generate", Line, [.. more, "--max-tokens", "1", "--quiet"]);
            Assert.Equal(0, status);
            return TinyTokenizer.Instance.Decode(Ints(Assert.Single(lines!)["prompt_ids"]));
        }
    }

    [Fact]
    public async Task A_folder_without_a_tokenizer_is_served_by_a_file_of_tags()
    {
        RandomModelFolder.Write(folder["bare"], tokenizer: false);
        var tags = RandomModelFolder.WriteTags(folder["tags.json"]);
        const string Line = """{"id": "b", "prompt_ids": [30, 31, 32]}""";
        var (status, lines) = await folder.RunLinesAsync("generate", Line, ["--model", folder["bare"], "--tags", tags, .. s_small]);
        var (_, with) = await folder.RunLinesAsync("generate", Line, s_small);
        Assert.Equal(0, status);
        Assert.Equal(Ints(with![0]["ids"]), Ints(lines![0]["ids"]));
        Assert.Null(lines[0]["text"]);
        Assert.Equal(1, (await folder.RunLinesAsync("generate", """{"id": 1, "prompt": "Hi"}""", ["--model", folder["bare"], "--tags", tags])).Status);
        Assert.Equal(2, (await folder.RunLinesAsync("generate", Line, ["--model", folder["bare"], "--engine", "parallel"])).Status);
        Assert.Equal(0, (await folder.RunLinesAsync("generate", Line, ["--model", folder["bare"], .. s_small])).Status);
    }

    [Theory]
    [InlineData("""{"id": 1}""")]
    [InlineData("""{"id": 1, "prompt": 5}""")]
    [InlineData("""{"id": 1, "prompt": "a", "prompt_ids": [1]}""")]
    [InlineData("""{"id": 1, "prompt_ids": []}""")]
    [InlineData("""{"id": 1, "prompt_ids": [99999]}""")]
    [InlineData("""{"id": 1, "prompt_ids": [-1]}""")]
    [InlineData("""{"id": 1, "prompt_ids": [1.5]}""")]
    [InlineData("""{"id": 1, "prompt_ids": [1], "lead": "a"}""")]
    [InlineData("""{"id": 1, "prompt": "\ud800"}""")]
    [InlineData("{")]
    public async Task A_bad_line_is_an_error_or_passed_over_on_request(string line)
    {
        var input = $$"""{"id": 0, "prompt_ids": [30]}{{"\n"}}{{line}}""";
        Assert.Equal((1, null), await folder.RunLinesAsync("generate", input, "--max-tokens", "2", "--quiet"));
        var (status, lines) = await folder.RunLinesAsync("generate", input, "--max-tokens", "2", "--quiet", "--skip-bad");
        Assert.Equal(0, status);
        Assert.Single(lines!);
    }

    [Fact]
    public async Task A_prompt_longer_than_the_context_is_a_bad_line()
    {
        var line = $$"""{"id": 1, "prompt_ids": [{{string.Join(',', Enumerable.Repeat(30, RandomModelFolder.Context))}}]}""";
        Assert.Equal(1, (await folder.RunLinesAsync("generate", line)).Status);
    }

    [Theory]
    [InlineData("--temperature", "-1")]
    [InlineData("--temperature", "NaN")]
    [InlineData("--top-p", "0")]
    [InlineData("--top-p", "1.5")]
    [InlineData("--top-k", "-1")]
    [InlineData("--paths", "0")]
    [InlineData("--max-tokens", "0")]
    [InlineData("--max-tokens", "many")]
    [InlineData("--visibility", "plain")]
    [InlineData("--engine", "warp")]
    [InlineData("--prompt", "also this")]
    [InlineData("--json", "--quiet")]
    [InlineData("--tags", "absent.json")]
    [InlineData("--prompt-template", "absent")]
    [InlineData("--template", "absent")]
    [InlineData("--model", "absent")]
    public async Task Wrong_arguments_end_with_status_2(string option, string value) =>
        Assert.Equal((2, null), await folder.RunLinesAsync("generate", """{"id": 0, "prompt_ids": [30]}""", option, value));

    [Fact]
    public async Task Something_to_answer_is_needed()
    {
        await File.WriteAllTextAsync(folder["empty"], "");
        using var process = Process.Start("bash", ["-c", """exec dotnet "$0" generate --model "$1" <"$2" """, Path.Combine(AppContext.BaseDirectory, "parallel-r1.dll"), folder["model"], folder["empty"]]);
        await process.WaitForExitAsync();
        Assert.Equal(2, process.ExitCode);
        Assert.Equal(2, await CommandLineApp.RunAsync(["generate", "--model", folder["model"], "--input", folder["absent.jsonl"], "--output", folder["out.jsonl"]]));
    }
}
