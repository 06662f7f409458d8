using ParallelR1.Thinking;

namespace ParallelR1.Generation;

/// <summary>A token that is in the trace but has not gone through the model.</summary>
/// <param name="Row">The token, and the row of its key and value.</param>
/// <param name="Use">The use of its output.</param>
internal readonly record struct PendingToken(TraceRow Row, HeadUse Use)
{
    /// <summary>Whether its output gives the log-probability of injected tokens.</summary>
    public bool Scores { get; init; }

    /// <summary>Whether logits are needed.</summary>
    public bool NeedsLogits => Use != HeadUse.None || Scores;
}

/// <summary>The use of a token's logits.</summary>
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

/// <summary>A query for a row of logits.</summary>
/// <param name="Scored">Tokens whose log-probability is needed.</param>
/// <param name="Draw">How a token is drawn; null if none is.</param>
internal readonly record struct RowQuery(int[] Scored, DrawQuery? Draw);

/// <summary>How a token is drawn.</summary>
/// <param name="Sampler">Temperature and filters of the distribution.</param>
/// <param name="Banned">Tokens that may not be drawn, each once.</param>
/// <param name="Uniform">A uniform draw from [0, 1).</param>
internal sealed record DrawQuery(Sampler Sampler, int[] Banned, double Uniform);

/// <summary>The answer to a <see cref="RowQuery"/>.</summary>
/// <param name="Scores">Natural log-probability, under the full softmax, of each scored token.</param>
/// <param name="Id">The drawn token.</param>
/// <param name="LogProb">Its natural log-probability under the full softmax.</param>
/// <param name="AllowedLogProb">Its natural log-probability among the tokens that are not banned.</param>
internal readonly record struct RowAnswer(float[] Scores, int Id, float LogProb, float AllowedLogProb)
{
    /// <summary>The logit of largest magnitude, if the row is not usable; else null.</summary>
    public float? Failure { get; init; }
}
