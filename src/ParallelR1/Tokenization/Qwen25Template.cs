namespace ParallelR1.Tokenization;

/// <summary><c>qwen2_5</c>: ChatML with a default system message.</summary>
internal sealed class Qwen25Template() : QwenTemplate("qwen2_5")
{
    private protected override string DefaultSystem => "You are Qwen, created by Alibaba Cloud. You are a helpful assistant.";
}
