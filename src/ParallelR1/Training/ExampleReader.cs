using System.Text.Json.Nodes;
using ParallelR1.Data;
using ParallelR1.Data.Synthetic;
using ParallelR1.Generation;
using ParallelR1.Thinking;

namespace ParallelR1.Training;

/// <summary>
/// Reads examples for supervised fine-tuning: records with <c>response</c> (or <c>solution</c>) and either <c>prompt</c>, which is taken as it is, or
/// <c>problem</c>, around which the prompt template goes.
/// </summary>
/// <param name="model">Encodes; its chat template goes around the prompt.</param>
/// <param name="template">Goes around a problem.</param>
/// <param name="maxLength">Tokens of prompt, response and end-of-text; longer examples are left out and counted, never cut.</param>
/// <param name="visibility">Decides the positions of an example, which must lie within the model's context; what lies beyond is left out and counted too.</param>
public sealed class ExampleReader(LanguageModel model, ProblemTemplate template, int maxLength, Visibility visibility = Visibility.Unseen)
{
    /// <summary>Examples left out because they were too long.</summary>
    public int TooLong { get; private set; }

    /// <summary>Examples left out because their positions reach beyond the model's context.</summary>
    public int BeyondContext { get; private set; }

    private int Context => model.Decoder.Config.MaxPositions;

    /// <summary>Reads a JSONL or Parquet file or a known set of examples, or draws from a synthetic set by name.</summary>
    /// <param name="path">The file or name.</param>
    /// <param name="limit">Only the first records; null: all (a synthetic set has no end and needs a limit).</param>
    /// <param name="seed">Seeds a synthetic set.</param>
    /// <param name="cancellation">Stops between records.</param>
    /// <exception cref="InputException">A record lacks a field, or none is left.</exception>
    public IReadOnlyList<TrainingExample> Read(string path, int? limit, long seed, CancellationToken cancellation = default)
    {
        var examples = new List<TrainingExample>();
        var row = 0;
        foreach (var record in Records(path, limit, seed))
        {
            cancellation.ThrowIfCancellationRequested();
            if (row == limit)
                break;
            row++;
            var (prompt, response) = Texts(record, $"{path}: record {row}");
            int[] promptIds = prompt, ids = [.. promptIds, .. model.Tokenizer.Encode(response), model.EosId];
            if (ids.Length > maxLength)
                TooLong++;
            else if (!FitsContext(ids, promptIds.Length))
                BeyondContext++;
            else
                examples.Add(new TrainingExample(ids, promptIds.Length));
        }

        return examples.Count > 0
            ? examples
            : throw new InputException(row == 0
                ? $"{path}: holds no examples"
                : $"{path}: no example of at most {maxLength} tokens within the model's context of {Context} positions among {row} records; raise sft.max_length, or use a model with a longer context");
    }

    /// <summary>Paths share positions, so a structured example may have more tokens than the context has positions.</summary>
    private bool FitsContext(int[] ids, int promptLength)
    {
        if (ids.Length <= Context)
            return true;
        foreach (var position in TraceRows.Supervised(ids, promptLength, model.Tags, visibility).Positions)
        {
            if (position >= Context)
                return false;
        }

        return true;
    }

    private static IEnumerable<JsonObject> Records(string path, int? limit, long seed)
    {
        if (ExampleSets.Names.Contains(path) && !File.Exists(path))
            return ExampleSets.Rows(path);
        if (!SyntheticSets.Names.Contains(path))
            return RowFile.Read(path);
        return limit is not null
            ? SyntheticSets.Rows(path, seed)
            : throw new UsageException($"{path} is drawn without end; say how many examples with data.limit");
    }

    private (int[] Prompt, string Response) Texts(JsonObject record, string where)
    {
        var response = Text(record, "response") ?? Text(record, "solution")
            ?? throw new InputException($"{where}: neither 'response' nor 'solution'; found the fields {string.Join(", ", record.Select(p => p.Key))}");
        if (Text(record, "prompt") is { } prompt)
            return (model.EncodePrompt(prompt), response);
        var problem = Text(record, "problem")
            ?? throw new InputException($"{where}: neither 'prompt' nor 'problem'; found the fields {string.Join(", ", record.Select(p => p.Key))}");
        return (model.EncodeProblem(template, problem), response);
    }

    private static string? Text(JsonObject record, string field) =>
        record[field] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
}
