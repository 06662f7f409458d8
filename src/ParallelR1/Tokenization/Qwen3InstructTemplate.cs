namespace ParallelR1.Tokenization;

/// <summary><c>qwen3_2507</c>: Qwen3's instruct models of July 2025, which do not think: contents as they are, no default system message.</summary>
internal sealed class Qwen3InstructTemplate() : QwenTemplate("qwen3_2507");
