namespace ParallelR1.Generation;

/// <summary>The model's output is not a number: what would be sampled from it means nothing.</summary>
public sealed class LogitsException : Exception
{
    private const float Largest = 1e15f; // logits of a model that works are a few hundred at most

    private readonly string _what, _found;

    /// <param name="request">Index of the request that was decoded.</param>
    /// <param name="tokens">Tokens of its response so far.</param>
    /// <param name="value">The logit of largest magnitude, or NaN.</param>
    public LogitsException(int request, int tokens, double value)
        : this(request, $"request {request}", $"after {tokens} response tokens the logits are not finite, or beyond all measure ({value:g3})", null)
    {
    }

    /// <summary>What ends the scoring of given tokens.</summary>
    /// <param name="value">The logit of largest magnitude, or NaN.</param>
    internal static LogitsException OfScoring(double value) =>
        new(0, "the given tokens", $"the logits that predict them are not finite, or beyond all measure ({value:g3})", null);

    private LogitsException(int request, string what, string found, Exception? inner)
        : base($"{what}: {found}; are the model's weights damaged, or too large for their type? `model info` shows what they are, --dtype f32 computes with more range", inner) =>
        (Request, _what, _found) = (request, what, found);

    /// <summary>Whether logits are of use: the largest of them in magnitude is a number, and one that a model that works can have.</summary>
    internal static bool Holds(float largest) => MathF.Abs(largest) <= Largest;

    /// <summary>Gets the index of the request among those that were handed to the engine.</summary>
    public int Request { get; }

    /// <summary>The same error under the name by which the user knows the request.</summary>
    public LogitsException Named(string what) => new(Request, what, _found, this);

    /// <summary>The same error with the model's name before it.</summary>
    public LogitsException Of(string model) => new(Request, $"{model}: {_what}", _found, this);
}
