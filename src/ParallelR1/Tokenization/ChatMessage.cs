namespace ParallelR1.Tokenization;

/// <summary>One message of a chat.</summary>
/// <param name="Role"><c>system</c>, <c>user</c>, <c>assistant</c>, <c>tool</c>, …</param>
/// <param name="Content">The text, as given; special tokens in it are not escaped.</param>
public sealed record ChatMessage(string Role, string Content);
