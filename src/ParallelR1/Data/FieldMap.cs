namespace ParallelR1.Data;

/// <summary>Which column of a file a field is read from, written as <c>field=column</c>.</summary>
public static class FieldMap
{
    /// <summary>Reads pairs such as <c>answer=reward_model.ground_truth</c>.</summary>
    /// <param name="pairs">The pairs.</param>
    /// <param name="name">What errors call them: <c>--map</c>, or a recipe's key.</param>
    /// <exception cref="UsageException">One is no such pair, or a field is named twice.</exception>
    public static Dictionary<string, string> Parse(IEnumerable<string> pairs, string name)
    {
        ArgumentNullException.ThrowIfNull(pairs);
        var map = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in pairs)
        {
            if (pair.IndexOf('=', StringComparison.Ordinal) is not (> 0 and var equals) || equals == pair.Length - 1)
                throw new UsageException($"{name} {pair}: expected field=column, such as answer=reward_model.ground_truth");
            if (!map.TryAdd(pair[..equals], pair[(equals + 1)..]))
                throw new UsageException($"{name} names {pair[..equals]} twice");
        }

        return map;
    }
}
