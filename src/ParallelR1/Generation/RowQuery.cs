using ParallelR1.Thinking;

namespace ParallelR1.Generation;

/// <summary>A token that is in the trace but has not gone through the model.</summary>
/// <param name="Row">The token, and where it goes.</param>
/// <param name="Use">What its output is for.</param>
internal readonly record struct PendingToken(TraceRow Row, HeadUse Use)
{
    /// <summary>Whether its output gives injected tokens their log-probability.</summary>
    public bool Scores { get; init; }

    /// <summary>Whether logits are needed.</summary>
    public bool NeedsLogits => Use != HeadUse.None || Scores;
}

/// <summary>What the logits of a token are for.</summary>
internal enum HeadUse
{
    /// <summary>Nothing is sampled from them.</summary>
    None,

    /// <summary>The next token of the only line: text or a summary.</summary>
    Line,

    /// <summary>The next token of a path.</summary>
    Path,

    /// <summary>The probability of the <c>&lt;/Parallel&gt;</c> that the engine will inject.</summary>
    Join,
}

/// <summary>What is wanted of a row of logits.</summary>
/// <param name="Scored">Tokens whose log-probability is wanted.</param>
/// <param name="Draw">How a token is drawn; null: none is.</param>
internal readonly record struct RowQuery(int[] Scored, DrawQuery? Draw);

/// <summary>How a token is drawn.</summary>
/// <param name="Sampler">Temperature and what else shapes the distribution.</param>
/// <param name="Banned">Tokens that may not be drawn, each once.</param>
/// <param name="Uniform">A draw from [0, 1).</param>
internal sealed record DrawQuery(Sampler Sampler, int[] Banned, double Uniform);

/// <summary>What a row of logits gives.</summary>
/// <param name="Scores">For each token asked for its natural log-probability under the full softmax.</param>
/// <param name="Id">The token drawn.</param>
/// <param name="LogProb">Its natural log-probability under the full softmax.</param>
/// <param name="AllowedLogProb">Its natural log-probability among the tokens that are not banned.</param>
internal readonly record struct RowAnswer(float[] Scores, int Id, float LogProb, float AllowedLogProb)
{
    /// <summary>The logit of largest magnitude, where the row is of no use; else null.</summary>
    public float? Failure { get; init; }
}
