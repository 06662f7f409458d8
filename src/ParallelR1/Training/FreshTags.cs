using ParallelR1.Generation;
using ParallelR1.Models;
using ParallelR1.Thinking;
using ParallelR1.Torch;

namespace ParallelR1.Training;

/// <summary>
/// Draws new rows for the six tags. If the vocabulary of a model contained the tags but its training data did not, training has moved all
/// their rows in the same direction (cosine 0.99 in the bundled base model), and a cold start can hardly distinguish them.
/// </summary>
internal static class FreshTags
{
    /// <summary>Replaces the tags' rows in embedding and head with normal draws, whose standard deviation is that of all rows around their mean.</summary>
    /// <exception cref="UsageException">The model has no tags.</exception>
    public static void Draw(LanguageModel model, RandomKey key)
    {
        var tags = model.Tags ?? throw new UsageException("model.fresh_tags: the model does not have the six tags; add them with `model init-tags`");
        using var scope = new TensorScope();
        using var mode = GradMode.Off();
        foreach (var (name, matrix) in model.Decoder.Parameters)
        {
            if (name is not (ModelTensors.Embedding or ModelTensors.Head))
                continue;
            var width = (int)matrix.Shape[1];
            var spread = Spread(matrix.To(ScalarType.Float32).ToArray<float>(), width);
            foreach (var tag in Enum.GetValues<ThinkingTag>())
            {
                var draws = key.Fold(name).Fold((int)tag);
                var row = Enumerable.Range(0, width).Select(i => (float)(draws.Normal(i) * spread)).ToArray();
                matrix.Slice(0, tags[tag], tags[tag] + 1).CopyFrom(Tensor.From(row, 1, width));
            }
        }
    }

    /// <summary>Computes the standard deviation of the rows around their mean, over all entries.</summary>
    private static double Spread(float[] values, int width)
    {
        var rows = values.Length / width;
        var sum = 0.0;
        for (var column = 0; column < width; column++)
        {
            double mean = 0, squares = 0;
            for (var row = 0; row < rows; row++)
                mean += values[row * width + column] / (double)rows;
            for (var row = 0; row < rows; row++)
                squares += Math.Pow(values[row * width + column] - mean, 2);
            sum += squares / rows;
        }

        return Math.Sqrt(sum / width);
    }
}
