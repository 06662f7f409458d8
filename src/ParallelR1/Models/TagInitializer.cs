using ParallelR1.IO;
using ParallelR1.Thinking;
using ParallelR1.Tokenization;

namespace ParallelR1.Models;

/// <summary>
/// Adds the six tags to a model. Each tag's row in the embedding (and in the head, if it is a separate matrix) becomes the mean of the rows
/// of the pieces into which the tokenizer splits the tag, plus a little seeded noise: the spare rows of published models are all alike, and
/// tags that start alike are hard to distinguish by training. Tokens that were added to the tokenizer without a row (such as a padding token)
/// get the mean of all rows, as when transformers enlarges a matrix.
/// </summary>
public static class TagInitializer
{
    /// <summary>Standard deviation of the noise, relative to the root mean square of the mean row.</summary>
    private const double NoiseShare = 0.02;

    private static readonly string[] s_tags = [.. ThinkingTags.All];

    /// <summary>Writes a copy of a model folder with the tags added; all other rows and tensors are copied byte for byte.</summary>
    /// <param name="model">A model folder with a tokenizer.</param>
    /// <param name="output">The folder to create; not the model's own.</param>
    /// <param name="seed">Seed of the noise.</param>
    /// <param name="cancellation">Stops between tensors, without leaving an output folder.</param>
    /// <returns>The ids of the tags.</returns>
    /// <exception cref="UsageException">The model already has tags, or the output folder is not empty.</exception>
    /// <exception cref="InputException">The model is damaged, or its tokenizer does not match its weights.</exception>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    public static IReadOnlyDictionary<ThinkingTag, int> Run(string model, string output, long seed, CancellationToken cancellation = default)
    {
        var config = ModelConfig.Load(model);
        var tokenizer = Tokenizer.Load(model);
        NewFolder.CheckFree(output);
        if (s_tags.FirstOrDefault(t => tokenizer.IdOf(t) is not null) is { } known)
            throw new UsageException($"{model}: its tokenizer has {known} already (id {tokenizer.IdOf(known)}); the tags are added once only");
        if (tokenizer.VocabularyLimit > config.VocabSize)
            throw new InputException($"{model}: the tokenizer's vocabulary has ids up to {tokenizer.VocabularyLimit - 1}, the matrix only {config.VocabSize} rows (vocab_size); they do not belong together: take the tokenizer's files of the model that the weights come from");
        var pieces = Array.ConvertAll(s_tags, tag => tokenizer.Encode(tag));
        var extended = tokenizer.WithAddedTokens(s_tags);
        var ids = Array.ConvertAll(s_tags, tag => extended.IdOf(tag)!.Value);
        using var reader = CheckpointReader.Open(model);
        config = reader.Fit(config);
        var grown = config with { VocabSize = Math.Max(config.VocabSize, extended.IdLimit) };
        NewFolder.Create(output, folder =>
        {
            ModelFolder.CopyTokenizer(model, folder);
            extended.Save(folder);
            grown.Save(folder);
            if (!File.Exists(Path.Combine(folder, "generation_config.json")))
                grown.SaveGenerationConfig(folder);
            CheckpointWriter.Write(folder, Tensors(reader, grown, ids, pieces, RandomKey.FromSeed(seed).Fold("init-tags"), cancellation));
        });
        return ids.Select((id, i) => (Tag: (ThinkingTag)i, id)).ToDictionary(t => t.Tag, t => t.id);
    }

    private static IEnumerable<TensorSource> Tensors(CheckpointReader reader, ModelConfig config, int[] ids, int[][] pieces, RandomKey key, CancellationToken cancellation)
    {
        foreach (var entry in reader.Tensors)
        {
            var isHead = entry.Name == ModelTensors.Head;
            // A stored copy of a tied head would become outdated. (A different head makes the config untied.)
            if (isHead && config.TieWordEmbeddings)
                continue;
            var source = isHead || entry.Name == ModelTensors.Embedding
                ? VocabularyMatrix.WithRows(reader, entry.Name, config.VocabSize, Rows(reader, entry.Name, config, ids, pieces, key.Fold(entry.Name)))
                : reader.Copy(entry.Name);
            yield return source with
            {
                WriteTo = stream =>
                {
                    cancellation.ThrowIfCancellationRequested();
                    source.WriteTo(stream);
                },
            };
        }
    }

    private static Dictionary<long, float[]> Rows(CheckpointReader reader, string name, ModelConfig config, int[] ids, int[][] pieces, RandomKey key)
    {
        var rows = new Dictionary<long, float[]>();
        var mean = new Lazy<float[]>(() => VocabularyMatrix.Mean(reader, name));
        for (var row = reader[name].Shape[0]; row < config.VocabSize; row++)
        {
            if (!ids.Contains((int)row))
                rows[row] = mean.Value;
        }

        for (var tag = 0; tag < ids.Length; tag++)
            rows[ids[tag]] = NoisyMean(reader, name, pieces[tag], key.Fold(s_tags[tag]));
        return rows;
    }

    private static float[] NoisyMean(CheckpointReader reader, string name, int[] pieces, RandomKey key)
    {
        var mean = new double[reader[name].Shape[1]];
        foreach (var piece in pieces)
        {
            var row = VocabularyMatrix.Row(reader, name, piece);
            for (var i = 0; i < mean.Length; i++)
                mean[i] += row[i] / (double)pieces.Length;
        }

        var deviation = NoiseShare * Math.Sqrt(mean.Average(v => v * v));
        // If the rows of the pieces are zero (or there are no pieces), the six rows still differ.
        if (!(deviation > 0))
            deviation = NoiseShare * 0.02;
        return [.. mean.Select((v, i) => (float)(v + deviation * key.Normal(i)))];
    }
}
