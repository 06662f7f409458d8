namespace ParallelR1.Generation;

/// <summary>The model's logits are not finite or far too large, so that nothing can be sampled from them.</summary>
public sealed class LogitsException : Exception
{
    private const float Largest = 1e15f; // logits of a model that works are a few hundred at most

    private readonly string _what, _found;

    /// <summary>Initializes the error of a request that is being decoded.</summary>
    /// <param name="request">Index of the request that was decoded.</param>
    /// <param name="tokens">Number of tokens of its response so far.</param>
    /// <param name="value">The logit of largest magnitude, or NaN.</param>
    public LogitsException(int request, int tokens, double value)
        : this(request, $"request {request}", $"after {tokens} response tokens the logits are not finite, or beyond all measure ({value:g3})", null)
    {
    }

    /// <summary>Creates the error of scoring given tokens.</summary>
    /// <param name="value">The logit of largest magnitude, or NaN.</param>
    internal static LogitsException OfScoring(double value) =>
        new(0, "the given tokens", $"the logits that predict them are not finite, or beyond all measure ({value:g3})", null);

    private LogitsException(int request, string what, string found, Exception? inner)
        : base($"{what}: {found}; are the model's weights damaged, or too large for their type? `model info` shows what they are, --dtype f32 computes with more range", inner) =>
        (Request, _what, _found) = (request, what, found);

    /// <summary>Gets whether logits are usable: the one of largest magnitude is finite and within the range of a working model.</summary>
    internal static bool Holds(float largest) => MathF.Abs(largest) <= Largest;

    /// <summary>Gets the index of the request among those passed to the engine.</summary>
    public int Request { get; }

    /// <summary>Creates the same error with the name by which the user knows the request.</summary>
    /// <param name="what">The request's name.</param>
    public LogitsException Named(string what) => new(Request, what, _found, this);

    /// <summary>Creates the same error with the model's name in front.</summary>
    /// <param name="model">The model's name.</param>
    public LogitsException Of(string model) => new(Request, $"{model}: {_what}", _found, this);
}
