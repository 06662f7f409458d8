namespace ParallelR1.Generation;

/// <summary>What runs the model for the sequences that are decoded: prompts first, then step by step.</summary>
internal interface IDecoding : IDisposable
{
    /// <summary>Sequences whose prompts are run together, in rows of prompts, are limited to about this.</summary>
    const int PrefillRows = 8192;

    /// <summary>Gets the number of sequences that there is room for beside those that are live.</summary>
    int Free { get; }

    /// <summary>Runs the prompts and leads of new sequences.</summary>
    void Admit(IReadOnlyList<LiveSequence> sequences);

    /// <summary>Runs the pending tokens of the live sequences and gives them their logits.</summary>
    void Step(IReadOnlyList<LiveSequence> live);

    /// <summary>A sequence has ended: what it held is free.</summary>
    void Release(LiveSequence sequence);
}
