using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;
using ParallelR1.Cli.Output;
using ParallelR1.Generation;

namespace ParallelR1.Cli.Commands;

/// <summary><c>generate</c>: responses to one prompt or to a file of them.</summary>
internal sealed class GenerateCommand
{
    private const int BatchLines = 1024;
    private const long BatchTokens = 1 << 20;
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(250);

    private readonly ModelOptions _models = new();
    private readonly DecodingOptions _decoding = new();
    private readonly PromptOptions _prompts = new();
    private readonly LineOptions _lines = new();
    private readonly Option<string?> _prompt = new("--prompt") { Description = "answer this text", HelpName = "TEXT" };
    private readonly Option<bool> _json = new("--json") { Description = "with --prompt: print the result as one JSON object" };

    private GenerateCommand()
    {
    }

    public static Command Create()
    {
        var generate = new GenerateCommand();
        var command = new Command(
            "generate",
            "Decodes responses, the paths of a block side by side: to one text, or to lines {id, prompt or prompt_ids, lead?}.\n"
            + "Example: parallel-r1 generate --model assets/mini-base --prompt \"Two of the numbers 5, 23, 18, 28 and 12 add up to 41. What is their difference?\"\n"
            + "Example: echo '{\"id\": 1, \"prompt\": \"Two of the numbers 5, 23, 18, 28 and 12 add up to 41. What is their difference?\"}' | parallel-r1 generate --model assets/mini-base --temperature 0");
        generate._models.AddTo(command);
        command.Add(generate._prompt);
        generate._lines.AddTo(command);
        generate._prompts.AddTo(command, raw: true);
        command.Add(generate._json);
        generate._decoding.AddTo(command);
        command.SetAction((parsed, cancellation) => Task.FromResult(generate.Run(parsed, cancellation)));
        return command;
    }

    private int Run(ParseResult parsed, CancellationToken cancellation)
    {
        var text = parsed.GetValue(_prompt);
        CheckSources(parsed, text);
        var options = _decoding.Read(parsed);
        _ = _decoding.Limits(parsed);
        using var model = _models.Open(parsed, _prompts.NamedChat(parsed));
        if (text is not null && model.Language is null)
            throw new UsageException($"{_models.Folder(parsed)}: has no tokenizer.json, which --prompt needs; give token ids with --input");
        options = _decoding.For(model, options, parsed);
        var encode = _prompts.Encoder(parsed, model, withoutTags: "no-prompt");
        try
        {
            return text is null
                ? RunLines(parsed, model, options, encode, cancellation)
                : RunPrompt(parsed, model, options, encode(text), cancellation);
        }
        catch (LogitsException e)
        {
            throw (text is null ? e : e.Named("the prompt")).Of(_models.Folder(parsed));
        }
    }

    private void CheckSources(ParseResult parsed, string? prompt)
    {
        var (input, output) = (parsed.GetValue(_lines.Input), parsed.GetValue(_lines.Output));
        if (prompt is not null && (input ?? output) is not null)
            throw new UsageException("give either --prompt TEXT, or --input F with --output F");
        if (prompt is null && input is null && !LineInput.IsPiped)
            throw new UsageException("give --prompt TEXT, or lines: by --input F, or through a pipe");
        if (prompt is null && parsed.GetValue(_json))
            throw new UsageException("--json is for --prompt; with --input, every line of --output is a JSON object");
        if (input is not (null or "-") && !File.Exists(input))
            throw new UsageException($"{input}: no such file");
    }

    private int RunPrompt(ParseResult parsed, OpenModel model, GenerationOptions options, int[] prompt, CancellationToken cancellation)
    {
        var request = new GenerationRequest(prompt, new RequestKeys(_decoding.Seed(parsed)).Next(null));
        using var engine = model.CreateEngine(_decoding.Limits(parsed));
        engine.Check(request, options);
        var language = model.Language!;
        if (parsed.GetValue(_json))
        {
            var single = engine.Generate([request], options, cancellation).Single().Result;
            using var output = Console.OpenStandardOutput();
            IO.JsonLines.Write(output, (writer, _) => GenerationLine.Write(writer, null, single, language.Tokenizer.Decode(single.Ids)));
            return ExitCode.Done;
        }

        var clock = Stopwatch.GetTimestamp();
        var result = GrowingView.IsPossible
            ? GrowingView.Show(engine, language, request, options, cancellation)
            : engine.Generate([request], options, cancellation).Single().Result;
        if (!GrowingView.IsPossible)
            Console.WriteLine(language.DecodeResponse(result.Ids));
        if (!parsed.GetValue(_lines.Quiet))
            Console.Error.WriteLine(GrowingView.Figures(result, model.Tags, Stopwatch.GetElapsedTime(clock)));
        return ExitCode.Done;
    }

    /// <summary>An error of one request names its line.</summary>
    private static IEnumerable<(int Index, GenerationResult Result)> Named(IEnumerable<(int Index, GenerationResult Result)> results, IReadOnlyList<GenerationLine> batch)
    {
        using var source = results.GetEnumerator();
        while (true)
        {
            try
            {
                if (!source.MoveNext())
                    yield break;
            }
            catch (LogitsException e)
            {
                throw batch[e.Request].Id is { } id ? e.Named($"the line with id {id}") : e;
            }

            yield return source.Current;
        }
    }

    private int RunLines(ParseResult parsed, OpenModel model, GenerationOptions options, Func<string, int[]> encode, CancellationToken cancellation)
    {
        using var engine = model.CreateEngine(_decoding.Limits(parsed));
        var keys = new RequestKeys(_decoding.Seed(parsed));
        using var observer = ProgressObserver.Create(parsed.GetValue(_lines.Quiet));
        observer.Say(engine.Limits.Describe());
        var clock = Stopwatch.GetTimestamp();
        long done = 0, tokens = 0;
        long reported = 0;
        var growing = new Dictionary<int, int>();
        engine.Progress = (index, trace) =>
        {
            // The engine's thread.
            lock (growing)
            {
                growing[index] = trace.ResponseLength;
                Report();
            }
        };
        return _lines.RunBatched(
            parsed,
            value =>
            {
                var line = GenerationLine.Read(value, encode, keys);
                engine.Check(line.Request, options);
                return line;
            },
            line => line.Request.Prompt.Length + line.Request.Lead.Length,
            (BatchLines, BatchTokens),
            Decode,
            cancellation);

        IEnumerable<Action<Utf8JsonWriter, JsonSerializerOptions?>> Decode(IReadOnlyList<GenerationLine> batch)
        {
            var results = new GenerationResult?[batch.Count];
            var written = 0;
            lock (growing)
                growing.Clear();
            foreach (var (index, result) in Named(engine.Generate([.. batch.Select(line => line.Request)], options, cancellation), batch))
            {
                results[index] = result;
                lock (growing)
                {
                    tokens += result.Ids.Length;
                    growing.Remove(index);
                    done++;
                    Report();
                }

                for (; written < results.Length && results[written] is { } next; written++)
                {
                    var id = batch[written].Id;
                    yield return (writer, _) => GenerationLine.Write(writer, id, next, model.Language?.Tokenizer.Decode(next.Ids));
                }
            }
        }

        void Report()
        {
            if (parsed.GetValue(_lines.Quiet) || Stopwatch.GetElapsedTime(reported) < s_pause)
                return;
            reported = Stopwatch.GetTimestamp();
            var all = tokens + growing.Values.Sum(length => (long)length);
            observer.Report(new RunProgress("responses", done, 0, $"{all} tokens, {all / Stopwatch.GetElapsedTime(clock).TotalSeconds:F0} tokens/s"));
        }
    }
}
