namespace ParallelR1.Data.ColdStart;

/// <summary>What a teacher answered to one request.</summary>
/// <param name="Text">The whole text, thinking included where the server leaves it in; may be empty.</param>
/// <param name="FinishReason">Why it ended, as the server says: <c>stop</c>, <c>length</c>, …; null where it does not say.</param>
/// <param name="Model">The model as the server names it.</param>
/// <param name="PromptTokens">Tokens of the prompt; null where the server does not count.</param>
/// <param name="CompletionTokens">Tokens of the reply; null where the server does not count.</param>
public sealed record TeacherReply(string Text, string? FinishReason, string? Model, long? PromptTokens, long? CompletionTokens)
{
    /// <summary>How often it was asked for until it came.</summary>
    public int Attempts { get; init; } = 1;
}
