namespace ParallelR1.Thinking;

/// <summary>Where a token of a trace comes from.</summary>
public enum TokenOrigin
{
    /// <summary>Part of the prompt or of the response that was already begun.</summary>
    Given,

    /// <summary>Sampled by the model; the only kind that carries loss in reinforcement learning.</summary>
    Sampled,

    /// <summary>Forced by the engine: tags, and the newline before a summary.</summary>
    Injected,
}
