namespace ParallelR1.Training;

/// <summary>A prompt and the response to be learned.</summary>
/// <param name="Ids">Token ids of prompt and response; the response ends with end-of-text.</param>
/// <param name="PromptLength">Number of tokens of the prompt.</param>
public sealed record TrainingExample(int[] Ids, int PromptLength)
{
    /// <summary>Number of tokens of the response: those that carry loss.</summary>
    public int ResponseLength => Ids.Length - PromptLength;
}
