using System.CommandLine;
using ParallelR1.Generation;
using ParallelR1.Thinking;
using ParallelR1.Training;

namespace ParallelR1.Cli.Commands;

/// <summary><c>score</c>: log-probabilities of given tokens.</summary>
internal static class ScoreCommand
{
    public static Command Create()
    {
        var models = new ModelOptions("f32");
        var lines = new LineOptions();
        var visibility = new Option<string?>("--visibility")
        {
            Description = "unseen: by the structure after the prompt (default where the tags are known); seen: as a Seen engine decodes; plain: ordinary causal",
            HelpName = "unseen|seen|plain",
        };
        visibility.AcceptOnlyFromAmong("unseen", "seen", "plain");
        var command = new Command(
            "score",
            "Natural log-probability of each token given what it may see, from the second token on: lines {id, ids, prompt_length} to {id, logprobs}.\n"
            + "Example: echo '{\"id\": 1, \"ids\": [19, 16, 12, 16, 17], \"prompt_length\": 2}' | parallel-r1 score --model assets/mini-base")
        {
            visibility,
        };
        models.AddTo(command);
        lines.AddTo(command);
        command.SetAction((parsed, cancellation) =>
        {
            using var model = models.Open(parsed);
            var view = parsed.GetValue(visibility) ?? (model.Tags is null ? "plain" : "unseen");
            if (model.Tags is null && view != "plain")
                throw new UsageException($"--visibility {view} needs the six tags, and the model lacks them; add them with `model init-tags`, or name their ids with --tags FILE");
            using var exact = models.Exact(parsed) ? new ExactScorer(model.Decoder) : null;
            return Task.FromResult(lines.RunStreamed(
                parsed,
                value =>
                {
                    var line = TokenLine.Read(value);
                    var logProbs = Score(model, exact, models.Folder(parsed), line, view);
                    return (writer, _) =>
                    {
                        writer.WriteStartObject();
                        NumberLists.WriteId(writer, line.Id);
                        NumberLists.Write(writer, "logprobs", logProbs);
                        writer.WriteEndObject();
                    };
                },
                cancellation));
        });
        return command;
    }

    private static float[] Score(OpenModel model, ExactScorer? exact, string folder, TokenLine line, string view)
    {
        var config = model.Decoder.Config;
        if (line.Ids.Length > 0 && line.Ids.Max() >= config.VocabSize)
            throw new InputException($"token id {line.Ids.Max()} is not in the model's vocabulary of {config.VocabSize}");
        if (line.Ids.Length < 2)
            return [];
        var trace = view switch
        {
            "unseen" => TraceRows.Unseen(line.Ids, line.PromptLength, model.Tags!),
            "seen" => TraceRows.Seen(line.Ids, line.PromptLength, model.Tags!),
            _ => TraceRows.Plain(line.Ids, line.PromptLength),
        };
        var last = trace.Positions.ToArray().Max();
        if (last >= config.MaxPositions)
            throw new InputException($"the tokens reach position {last}, the model's context has {config.MaxPositions}; shorten them");
        try
        {
            return exact?.LogProbs(trace) ?? TraceScorer.LogProbs(model.Decoder, trace);
        }
        catch (LogitsException e)
        {
            throw new InputException(e.Of(folder).Message, e);
        }
    }
}
