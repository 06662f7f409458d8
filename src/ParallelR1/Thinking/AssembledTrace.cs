namespace ParallelR1.Thinking;

/// <summary>A decoded trace in the order in which it is written: path after path.</summary>
/// <param name="Response">Token ids of the response.</param>
/// <param name="Origins">For each response token where it comes from.</param>
/// <param name="LogProbs">For each response token the natural log-probability it was given.</param>
/// <param name="Positions">For each token, prompt included, its Unseen position.</param>
/// <param name="SeenPositions">For each token, prompt included, the position in which a Seen engine decodes it.</param>
/// <param name="Rows">For each token, prompt included, its row in the order of appending.</param>
public sealed record AssembledTrace(
    int[] Response, TokenOrigin[] Origins, float[] LogProbs, int[] Positions, int[] SeenPositions, int[] Rows)
{
    /// <summary>For each response token whether the model sampled it.</summary>
    public bool[] Sampled => [.. Origins.Select(origin => origin == TokenOrigin.Sampled)];
}
