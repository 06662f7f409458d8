using System.Text.Json.Nodes;
using ParallelR1.Data;
using ParallelR1.Data.Synthetic;
using ParallelR1.Generation;
using ParallelR1.Thinking;

namespace ParallelR1.Training;

/// <summary>
/// Reads examples for supervised fine-tuning: records with <c>response</c> (or <c>completion</c>, <c>solution</c>) and either <c>prompt</c> (a text or
/// messages), which is used as it is, or <c>problem</c>, which is inserted into the prompt template; or <c>messages</c>, of which the last is learned.
/// </summary>
/// <param name="model">The model, which encodes the texts; its chat template is applied to the prompt.</param>
/// <param name="template">The prompt template for problems.</param>
/// <param name="maxLength">Maximum number of tokens of prompt, response and end-of-text; longer examples are left out and counted, never truncated.</param>
/// <param name="visibility">Determines the positions of an example, which must be within the model's context; examples beyond it are left out and counted too.</param>
/// <param name="map">Column by field, for fields whose column has another name; null for none.</param>
internal sealed class ExampleReader(LanguageModel model, ProblemTemplate template, int maxLength, Visibility visibility = Visibility.Unseen, IReadOnlyDictionary<string, string>? map = null)
{
    private readonly IReadOnlyDictionary<string, string> _map = map ?? new Dictionary<string, string>();

    /// <summary>Gets the number of examples left out because they were too long.</summary>
    public int TooLong { get; private set; }

    /// <summary>Gets the number of examples left out because their positions exceed the model's context.</summary>
    public int BeyondContext { get; private set; }

    /// <summary>Gets the number of paths without their ordinal, if the model's paths are numbered.</summary>
    public int Unnumbered { get; private set; }

    private int Context => model.Decoder.Config.MaxPositions;

    /// <summary>Reads a JSONL or Parquet file or a known set of examples, or samples from a synthetic set.</summary>
    /// <param name="path">The file, or the name of the set.</param>
    /// <param name="limit">Maximum number of records, the first ones; null for all. A synthetic set is unlimited and requires a limit.</param>
    /// <param name="seed">The seed of a synthetic set.</param>
    /// <param name="cancellation">Stops between records.</param>
    /// <exception cref="InputException">A record lacks a field, or no example is left.</exception>
    /// <exception cref="UsageException">The path is neither a file nor a known set, or a synthetic set has no limit, or the map does not apply.</exception>
    public IReadOnlyList<TrainingExample> Read(string path, int? limit, long seed, CancellationToken cancellation = default)
    {
        var examples = new List<TrainingExample>();
        var row = 0;
        ExampleRow.Check(_map);
        foreach (var (place, record) in Records(path, limit, seed))
        {
            cancellation.ThrowIfCancellationRequested();
            if (row == limit)
                break;
            row++;
            var (promptIds, learned) = Texts(record, place);
            int[] ids = [.. promptIds, .. model.EncodeResponse(learned.Response), model.EosId];
            if (ids.Length > maxLength)
                TooLong++;
            else if (!FitsContext(ids, promptIds.Length))
                BeyondContext++;
            else
                examples.Add(new TrainingExample(ids, promptIds.Length) { WithoutLoss = WithoutLoss(ids, promptIds.Length, learned.PathsWithoutLoss, place) });
        }

        return examples.Count > 0
            ? examples
            : throw new InputException(row == 0
                ? $"{path}: holds no examples"
                : $"{path}: no example of at most {maxLength} tokens within the model's context of {Context} positions among {row} records; raise sft.max_length, or use a model with a longer context");
    }

    /// <summary>Gets the indices of the tokens of the paths' ordinals, and of the paths that the example says are not learned.</summary>
    private int[] WithoutLoss(int[] ids, int promptLength, IReadOnlyList<int> unlearned, string place)
    {
        if (model.Tags is not { } tags || (tags.Numbers is null && unlearned.Count == 0))
            return unlearned.Count == 0 ? [] : throw new InputException($"{place}: paths without loss need a model with the six tags");
        var layout = TraceLayout.Read(ids, promptLength, tags);
        ParallelPath[] paths = [.. layout.Blocks.SelectMany(block => block.Paths).OrderBy(path => path.Start)];
        if (tags.Numbers is not null)
            Unnumbered += paths.Count(path => path.NumberTokens == 0);
        if (unlearned.FirstOrDefault(ordinal => ordinal > paths.Length) is > 0 and var beyond)
            throw new InputException($"{place}: path {beyond} is to carry no loss, but the response has {paths.Length} paths");
        return [.. layout.NumberTokens().Concat(unlearned.SelectMany(ordinal => Enumerable.Range(paths[ordinal - 1].Start + 1, paths[ordinal - 1].End - paths[ordinal - 1].Start - 1))).Distinct().Order()];
    }

    /// <summary>Returns whether all positions are within the context. Paths share positions, so an example may have more tokens than the context has positions.</summary>
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

    private IEnumerable<(string Place, JsonObject Record)> Records(string path, int? limit, long seed)
    {
        if (File.Exists(path))
            return RowFile.Rows(path);
        var isExamples = ExampleSets.Names.Contains(path);
        if (!isExamples && !SyntheticSets.Names.Contains(path))
        {
            throw new UsageException(
                $"'{path}' is neither a file nor a known set of examples{NearestName.Suggest(path, ExampleSets.Names.Concat(SyntheticSets.Names))} Known are {string.Join(", ", ExampleSets.Names.Concat(SyntheticSets.Names))}");
        }

        if (_map.Count > 0)
            throw new UsageException($"data.map is for files; the fields of the set '{path}' are known");
        if (!isExamples && limit is null)
            throw new UsageException($"{path} is drawn without end; say how many examples with data.limit");
        return (isExamples ? ExampleSets.Rows(path) : SyntheticSets.Rows(path, seed)).Select((record, i) => ($"{path}: record {i + 1}", record));
    }

    private (int[] Prompt, ExampleRow Learned) Texts(JsonObject record, string place)
    {
        try
        {
            var row = ExampleRow.Read(record, _map);
            return (row.Problem is { } problem ? model.EncodeProblem(template, problem) : model.EncodeChat(row.Messages), row);
        }
        catch (InputException e)
        {
            throw new InputException($"{place}: {e.Message}", e);
        }
    }
}

/// <summary>A prompt and the response to learn.</summary>
/// <param name="Ids">Token ids of prompt and response; the response ends with end-of-text.</param>
/// <param name="PromptLength">Number of tokens of the prompt.</param>
public sealed record TrainingExample(int[] Ids, int PromptLength)
{
    /// <summary>Gets the indices, in order, of the tokens of the response that carry no loss: ordinals of numbered paths, which an engine injects, and paths that are read but not learned.</summary>
    public int[] WithoutLoss { get; init; } = [];

    /// <summary>Gets the number of tokens that carry loss.</summary>
    public int LossTokens => Ids.Length - PromptLength - WithoutLoss.Length;
}
