using System.Security.Cryptography;
using System.Text;

namespace ParallelR1.Tokenization;

/// <summary>A chat template: renders messages as the text that a model was trained on. Selected by name, or recognised from a folder's template text.</summary>
public abstract class ChatTemplate
{
    private const string NoThinkingSuffix = " with enable_thinking=false";

    private static readonly (string Name, Func<bool, ChatTemplate> Create)[] s_known =
    [
        ("llama3", _ => new Llama3Template("llama3", alwaysPrompts: false)),
        ("llama3_first", _ => new Llama3Template("llama3_first", alwaysPrompts: true)),
        ("none", _ => new ContentsTemplate()),
        ("plain", _ => new ChatMlTemplate("plain", defaultSystem: null)),
        ("qwen2_5", _ => new Qwen25Template()),
        ("qwen3", thinking => new Qwen3Template(thinking)),
        ("qwen3_2507", _ => new Qwen3InstructTemplate()),
        ("smollm2", _ => new ChatMlTemplate("smollm2", "You are a helpful AI assistant named SmolLM, trained by Hugging Face")),
    ];

    /// <summary>SHA-256 of known template texts (normalised to line feeds, trimmed).</summary>
    private static readonly Dictionary<string, string> s_fingerprints = new(StringComparer.Ordinal)
    {
        ["87a2728cb8dc9fe424d624542f6060ec05a1d285ebbec578bb078900e33396b5"] = "qwen3",
        // Equivalent for texts; it also accepts messages whose contents are lists.
        ["a55ee1b1660128b7098723e0abcd92caa0788061051c62d51cbe87d9cf1974d8"] = "qwen3",
        ["64f85b198065d0fba2a81f37e10ed68161ce2c19a754c7100e67e0ca2ee9c326"] = "qwen3_2507",
        // Llama 3's texts contain line feeds, or \n instead of them.
        ["ba03a121d097859c7b5b9cd03af99aafe95275210d2876f642ad9929a150f122"] = "llama3",
        ["4f46ecd43418f216df8c26936c60e5d04bcc81db47db5d86fbe889f64212dd4c"] = "llama3",
        ["47d5a7b4840c2ff2dfa0828b2465a654bef3a6cdfe032e5e105f395e4ceee812"] = "llama3",
        ["25d9364ce09288ed874ade392dfd082b81d3ea3b4d887f008fdcfd8427c7186b"] = "llama3",
        ["b48c47f6443892716176eb200bf4ef108f64e06ca26ed0fa8ebc0a4b3992fcb2"] = "llama3_first",
        ["b75e17085cfc511ead6d4fab84b86ab3c168ec7a332568a91d0889cdcba94394"] = "llama3_first",
        ["f91864928fccff928b3068ca784db6275e655e400ccbb28f61d92c0090caf3b3"] = "plain",
        ["55b2f4a26ac9ee719330a61a0c39d9e538b0e9322212f048326318cff4f8674a"] = "qwen2_5",
        ["872be49dbb638044ad01b60388f48d469ff2980e5f0dccdc22ec907db54d0788"] = "smollm2",
        ["de9cde7d1b0ca0cc87459a6673e0d12fb89c070bdb24e4a30b6e4d187b226221"] = "smollm2",
        ["17762d2e5131cb2a950db7dd5700c50095547773d3302b52baebe9ae32257a55"] = "plain",
        ["66edfb854931c933d3ac94f507626dd4fa2d5ca0a9b1036b11729d296a7392ac"] = "plain",
        ["fcf7a096fe99a48fd9ad2b250bf9237e96e8f48bffec1c7ea4d3f225176cd40e"] = "plain",
        ["153280e3ff55d19da1398bdb3914ee2a51b80429bfaedde11d7d216c39db80f3"] = "plain",
        ["c4123e078b4bdc0f5f63fa38eca171496c1d7ee48987353469d9d611d0428e66"] = "none",
    };

    private protected ChatTemplate(string name) => Name = name;

    /// <summary>Gets the names of the built-in templates.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. s_known.Select(t => t.Name)];

    /// <summary>Gets the name of the template.</summary>
    public string Name { get; }

    /// <summary>Gets the template as Jinja text for a model folder; null if there is only a renderer.</summary>
    public virtual string? Jinja => null;

    /// <summary>Gets a built-in template.</summary>
    /// <param name="name">One of <see cref="Names"/>; <c>qwen3 with enable_thinking=false</c> is the same as <c>qwen3</c> without thinking.</param>
    /// <param name="thinking">False to close the think block in the generation prompt (<c>qwen3</c> only; ignored by the other templates).</param>
    /// <exception cref="UsageException">There is no template of that name.</exception>
    public static ChatTemplate Named(string name, bool thinking = true)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (name.EndsWith(NoThinkingSuffix, StringComparison.Ordinal))
            (name, thinking) = (name[..^NoThinkingSuffix.Length], false);
        var known = s_known.FirstOrDefault(t => t.Name == name);
        return known.Create is { } create
            ? create(thinking)
            : throw new UsageException($"no chat template '{name}'; built in: {string.Join(", ", Names)}");
    }

    /// <summary>Gets the built-in template that is equivalent to a folder's template text.</summary>
    /// <param name="jinja">The text, or null if the folder has none.</param>
    /// <param name="thinking">As in <see cref="Named"/>.</param>
    /// <exception cref="UsageException">The text is unknown or null; the message names <c>--template</c>.</exception>
    public static ChatTemplate Recognise(string? jinja, bool thinking = true)
    {
        if (jinja is null)
            throw new UsageException($"the model folder has no chat template; choose one with --template ({string.Join(", ", Names)})");
        return s_fingerprints.TryGetValue(Fingerprint(jinja), out var name)
            ? Named(name, thinking)
            : throw new UsageException(
                $"the chat template of the model folder is not one that is built in (it begins: {Beginning(jinja)}); choose one with --template ({string.Join(", ", Names)})");
    }

    /// <summary>Renders a chat.</summary>
    /// <param name="messages">The messages, in order.</param>
    /// <param name="addGenerationPrompt">Whether the text ends with the beginning of the assistant's answer.</param>
    /// <exception cref="InputException">There are no messages, or the template cannot render them; the message says why.</exception>
    public string Render(IReadOnlyList<ChatMessage> messages, bool addGenerationPrompt)
    {
        ArgumentNullException.ThrowIfNull(messages);
        if (messages.Count == 0)
            throw new InputException("a chat needs at least one message");
        var output = new StringBuilder();
        Render(messages, addGenerationPrompt, output);
        return output.ToString();
    }

    /// <summary>Gets the template with the special tokens of a tokenizer.</summary>
    internal virtual ChatTemplate For(Tokenizer tokenizer) => this;

    private protected abstract void Render(IReadOnlyList<ChatMessage> messages, bool addGenerationPrompt, StringBuilder output);

    /// <summary>Appends one message in ChatML.</summary>
    private protected static void AppendMessage(StringBuilder output, string role, string content) =>
        output.Append("<|im_start|>").Append(role).Append('\n').Append(content).Append("<|im_end|>\n");

    private static string Fingerprint(string jinja) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(jinja.TrimStart('\uFEFF').ReplaceLineEndings("\n").Trim())));

    private static string Beginning(string jinja)
    {
        var line = jinja.Trim().ReplaceLineEndings(" ");
        return line.Length <= 60 ? line : string.Concat(line.AsSpan(0, 57), "...");
    }
}

/// <summary>A message of a chat.</summary>
/// <param name="Role"><c>system</c>, <c>user</c>, <c>assistant</c>, <c>tool</c>, …</param>
/// <param name="Content">The text, as given; special tokens in it are not escaped.</param>
public sealed record ChatMessage(string Role, string Content);

/// <summary>ChatML, without or with a default system message (<c>plain</c>, <c>smollm2</c>).</summary>
internal sealed class ChatMlTemplate(string name, string? defaultSystem) : ChatTemplate(name)
{
    public override string? Jinja => defaultSystem is null
        ? "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>\\n' }}{% endfor %}"
            + "{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}"
        : null;

    private protected override void Render(IReadOnlyList<ChatMessage> messages, bool addGenerationPrompt, StringBuilder output)
    {
        if (defaultSystem is not null && messages[0].Role != "system")
            AppendMessage(output, "system", defaultSystem);
        foreach (var message in messages)
            AppendMessage(output, message.Role, message.Content);
        if (addGenerationPrompt)
            output.Append("<|im_start|>assistant\n");
    }
}

/// <summary><c>none</c>: the concatenated contents.</summary>
internal sealed class ContentsTemplate() : ChatTemplate("none")
{
    public override string Jinja => "{% for message in messages %}{{ message['content'] }}{% endfor %}";

    private protected override void Render(IReadOnlyList<ChatMessage> messages, bool addGenerationPrompt, StringBuilder output)
    {
        foreach (var message in messages)
            output.Append(message.Content);
    }
}
