using ParallelR1.Tokenization;

namespace ParallelR1.Tests.Tokenization;

/// <summary>Templates that a user brings; the rendered texts are what Jinja gives.</summary>
public sealed class ChatTemplateTests
{
    private const string Llama3Messages = "{% set loop_messages = messages %}{% for message in loop_messages %}{% set content = '<|start_header_id|>' + message['role'] + '<|end_header_id|>\n\n'+ message['content'] | trim + '<|eot_id|>' %}{% if loop.index0 == 0 %}{% set content = bos_token + content %}{% endif %}{{ content }}{% endfor %}";
    private const string Llama3Prompt = "{{ '<|start_header_id|>assistant<|end_header_id|>\n\n' }}";

    private static readonly ChatMessage[] s_chat = [new("system", " Be brief.\n"), new("user", "2+2?"), new("assistant", "<think>\nhm\n</think>\n\n4"), new("tool", "x"), new("user", " ok ")];

    [Theory]
    [InlineData(Llama3Messages + "{% if add_generation_prompt %}" + Llama3Prompt + "{% endif %}", "llama3")]
    [InlineData("\uFEFF" + Llama3Messages + "{% if add_generation_prompt %}" + Llama3Prompt + "{% endif %}\n", "llama3")]
    [InlineData(Llama3Messages + Llama3Prompt, "llama3_first")]
    public void Llama_3s_texts_are_recognised(string jinja, string name)
    {
        Assert.Equal(name, ChatTemplate.Recognise(jinja).Name);
        Assert.Equal(name, ChatTemplate.Recognise(jinja.Replace("\n\n'", "\\n\\n'", StringComparison.Ordinal)).Name);
    }

    [Fact]
    public void Qwen_3s_later_texts_are_recognised()
    {
        var first = File.ReadAllText(Path.Combine(Fixtures.Folder("tokenizer"), "tokenizers", "qwen3", "chat_template.jinja")).ReplaceLineEndings("\n");
        var later = first
            .Replace("== \"user\" and not(", "== \"user\" and message.content is string and not(", StringComparison.Ordinal)
            .Replace("{%- for message in messages %}\n", "{%- for message in messages %}\n    {%- if message.content is string %}\n        {%- set content = message.content %}\n    {%- else %}\n        {%- set content = '' %}\n    {%- endif %}\n", StringComparison.Ordinal)
            .Replace("'\\n' + message.content + '<|im_end|>'", "'\\n' + content + '<|im_end|>'", StringComparison.Ordinal)
            .Replace("        {%- set content = message.content %}\n        {%- set reasoning_content = '' %}", "        {%- set reasoning_content = '' %}", StringComparison.Ordinal)
            .Replace("is defined and message.reasoning_content is not none", "is string", StringComparison.Ordinal)
            .Replace("'</think>' in message.content", "'</think>' in content", StringComparison.Ordinal)
            .Replace(
                "                {%- set content = message.content.split('</think>')[-1].lstrip('\\n') %}\n                {%- set reasoning_content = message.content.split('</think>')[0].rstrip('\\n').split('<think>')[-1].lstrip('\\n') %}\n",
                "                {%- set reasoning_content = content.split('</think>')[0].rstrip('\\n').split('<think>')[-1].lstrip('\\n') %}\n                {%- set content = content.split('</think>')[-1].lstrip('\\n') %}\n",
                StringComparison.Ordinal)
            .Replace("        {{- message.content }}\n", "        {{- content }}\n", StringComparison.Ordinal);
        Assert.Equal("qwen3", ChatTemplate.Recognise(later).Name);
        Assert.Equal("qwen3_2507", ChatTemplate.Recognise(WithoutThinking(later)).Name);
    }

    [Fact]
    public void Llama_3_renders_every_role_under_its_header()
    {
        const string Chat = "<|begin_of_text|><|start_header_id|>system<|end_header_id|>\n\nBe brief.<|eot_id|><|start_header_id|>user<|end_header_id|>\n\n2+2?<|eot_id|>"
            + "<|start_header_id|>assistant<|end_header_id|>\n\n<think>\nhm\n</think>\n\n4<|eot_id|><|start_header_id|>tool<|end_header_id|>\n\nx<|eot_id|><|start_header_id|>user<|end_header_id|>\n\nok<|eot_id|>";
        const string Prompt = "<|start_header_id|>assistant<|end_header_id|>\n\n";
        Assert.Equal(Chat, ChatTemplate.Named("llama3").Render(s_chat, addGenerationPrompt: false));
        Assert.Equal(Chat + Prompt, ChatTemplate.Named("llama3").Render(s_chat, addGenerationPrompt: true));
        Assert.Equal(Chat + Prompt, ChatTemplate.Named("llama3_first").Render(s_chat, addGenerationPrompt: false));
    }

    [Fact]
    public void Llama_3_begins_with_the_tokenizers_own_token()
    {
        var tokenizer = TinyTokenizer.Instance;
        Assert.Null(tokenizer.BosId);
        Assert.StartsWith("<|start_header_id|>", tokenizer.ChatTemplateFor("llama3").Render(s_chat, false), StringComparison.Ordinal);
    }

    [Fact]
    public void Qwen_3_of_July_2025_keeps_answers_as_they_are() => Assert.Equal(
        "<|im_start|>system\n Be brief.\n<|im_end|>\n<|im_start|>user\n2+2?<|im_end|>\n<|im_start|>assistant\n<think>\nhm\n</think>\n\n4<|im_end|>\n"
        + "<|im_start|>user\n<tool_response>\nx\n</tool_response><|im_end|>\n<|im_start|>user\n ok <|im_end|>\n<|im_start|>assistant\n",
        ChatTemplate.Named("qwen3_2507").Render(s_chat, addGenerationPrompt: true));

    private static string WithoutThinking(string template)
    {
        template = Cut(template, "{%- set ns = namespace", "{%- for message in messages %}", "");
        template = Cut(template, "        {%- set reasoning_content = '' %}", "        {%- if message.tool_calls %}", "        {{- '<|im_start|>' + message.role + '\\n' + content }}\n");
        return template[..template.IndexOf("    {%- if enable_thinking", StringComparison.Ordinal)] + "{%- endif %}";
    }

    private static string Cut(string text, string from, string to, string instead)
    {
        var start = text.IndexOf(from, StringComparison.Ordinal);
        return text[..start] + instead + text[text.IndexOf(to, start, StringComparison.Ordinal)..];
    }
}
