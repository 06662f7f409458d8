using ParallelR1.Thinking;

namespace ParallelR1.Training.Policy;

/// <summary>The scored tokens of a micro-batch, as flat columns.</summary>
internal sealed class PolicyTokens
{
    private readonly List<int> _owners = [];
    private readonly List<float> _factors = [];

    /// <param name="responses">The responses.</param>
    /// <param name="pack">The pack of the responses, in order.</param>
    /// <param name="all">Whether all response tokens are scored, or only those that carry loss.</param>
    public PolicyTokens(PolicyResponse[] responses, TracePack pack, bool all)
    {
        List<int> predictors = [], targets = [];
        List<float> old = [], advantages = [], reference = [];
        List<int[]> banned = [];
        for (var r = 0; r < responses.Length; r++)
        {
            var response = responses[r];
            for (var i = 0; i < response.CarriesLoss.Length; i++)
            {
                if (!all && !response.CarriesLoss[i])
                    continue;
                var token = response.PromptLength + i;
                predictors.Add(pack.Predictor(r, token));
                targets.Add(response.Trace.Ids[token]);
                old.Add(response.OldLogProbs[i]);
                advantages.Add(response.TokenAdvantages?[i] ?? (float)response.Advantage);
                reference.Add(response.ReferenceLogProbs?[i] ?? 0);
                banned.Add(response.Banned?[i] ?? []);
                _owners.Add(r);
                _factors.Add(response.Weights?[i] ?? 1);
            }
        }

        (Rows, Targets, OldLogProbs, Advantages, ReferenceLogProbs, Banned) = ([.. predictors], [.. targets], [.. old], [.. advantages], [.. reference], [.. banned]);
    }

    /// <summary>Gets, for each token, the row of the pack that predicts it.</summary>
    public int[] Rows { get; }

    public int[] Targets { get; }

    /// <summary>Gets, for each token, the tokens that were banned when it was sampled.</summary>
    public int[][] Banned { get; }

    public float[] OldLogProbs { get; }

    public float[] Advantages { get; }

    public float[] ReferenceLogProbs { get; }

    /// <summary>Computes, for each token, its response's mean of log p − log p_old.</summary>
    public float[] MeanLogRatios(ReadOnlySpan<float> logProbs)
    {
        var (sums, counts) = (new double[_owners.Count == 0 ? 0 : _owners[^1] + 1], new int[_owners.Count == 0 ? 0 : _owners[^1] + 1]);
        for (var i = 0; i < _owners.Count; i++)
        {
            sums[_owners[i]] += logProbs[i] - OldLogProbs[i];
            counts[_owners[i]]++;
        }

        return [.. _owners.Select(owner => (float)(sums[owner] / counts[owner]))];
    }

    /// <summary>Computes, for each token, its weight in the loss.</summary>
    public float[] Weights(double[] perResponse)
    {
        var weights = new float[_owners.Count];
        for (var i = 0; i < weights.Length; i++)
            weights[i] = (float)(perResponse[_owners[i]] * _factors[i]);
        return weights;
    }
}
