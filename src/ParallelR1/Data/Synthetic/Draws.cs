namespace ParallelR1.Data.Synthetic;

/// <summary>A sequence of random draws from one key.</summary>
internal sealed class Draws(RandomKey key)
{
    private int _index;

    /// <summary>Draws a uniform integer from <paramref name="low"/> to <paramref name="high"/>, inclusive.</summary>
    public int Between(int low, int high) => low + key.Next(high - low + 1, _index++);

    public bool Coin() => key.Next(2, _index++) == 0;

    public T Pick<T>(IReadOnlyList<T> choices) => choices[key.Next(choices.Count, _index++)];

    /// <summary>Draws two different elements.</summary>
    public (T One, T Other) PickTwo<T>(IReadOnlyList<T> choices)
    {
        var one = key.Next(choices.Count, _index++);
        var other = key.Next(choices.Count - 1, _index++);
        return (choices[one], choices[other < one ? other : other + 1]);
    }
}
