using ParallelR1.Models;
using ParallelR1.Thinking;
using ParallelR1.Tokenization;
using ParallelR1.Torch;

namespace ParallelR1.Generation;

/// <summary>A loaded model folder: the decoder, its tokenizer, the six tags if the vocabulary has them, and the chat template.</summary>
public sealed class LanguageModel : IDisposable
{
    private readonly ChatTemplate? _namedChat;
    private readonly TagIds? _tags;

    /// <summary>Initializes a model from its parts; takes ownership of the decoder.</summary>
    /// <param name="decoder">The decoder.</param>
    /// <param name="tokenizer">Its tokenizer.</param>
    /// <param name="chatTemplate">Name of a chat template; null for the one in the tokenizer's folder, if any.</param>
    /// <exception cref="InputException">The tokenizer's vocabulary is larger than the decoder's (added tokens aside).</exception>
    public LanguageModel(Decoder decoder, Tokenizer tokenizer, string? chatTemplate = null)
    {
        ArgumentNullException.ThrowIfNull(decoder);
        ArgumentNullException.ThrowIfNull(tokenizer);
        if (tokenizer.VocabularyLimit > decoder.Config.VocabSize)
            throw new InputException($"the tokenizer has ids up to {tokenizer.VocabularyLimit - 1}, the model's vocabulary ends at {decoder.Config.VocabSize - 1}; is the tokenizer from another model?");
        (Decoder, Tokenizer) = (decoder, tokenizer);
        Eos = [.. decoder.Config.EosIds.Concat(tokenizer.EosId is { } eos ? [eos] : []).Distinct()];
        _tags = ThinkingTags.All.All(tag => OneToken(tag) is not null) ? TagIds.Resolve(OneToken, EosId) : null;
        PathNumbers = new PathNumbers(EncodeAfterPath);
        NumberPaths = tokenizer.NumberPaths;
        _namedChat = chatTemplate is null ? null : tokenizer.ChatTemplateFor(chatTemplate);
    }

    /// <summary>Gets the name of the model in messages: the folder that it was loaded from.</summary>
    public string Name { get; private init; } = "the model";

    /// <summary>Gets the decoder.</summary>
    public Decoder Decoder { get; }

    /// <summary>Gets the tokenizer.</summary>
    public Tokenizer Tokenizer { get; }

    /// <summary>Gets the six tags, with numbered paths if <see cref="NumberPaths"/> is set; null if the vocabulary lacks them.</summary>
    public TagIds? Tags => _tags?.WithNumbers(NumberPaths ? PathNumbers : null);

    /// <summary>Gets how the tokenizer encodes the ordinals of paths.</summary>
    public PathNumbers PathNumbers { get; }

    /// <summary>
    /// Gets or sets whether paths begin with their ordinals, in decoding and in training. The default is the value recorded in the folder;
    /// <see cref="Save"/> records the current one.
    /// </summary>
    public bool NumberPaths { get; set; }

    /// <summary>Gets the tokens that end a response; training appends <see cref="EosId"/>.</summary>
    public IReadOnlyList<int> Eos { get; }

    /// <summary>Gets the token that training appends to a response: the tokenizer's end-of-text token, else the first one of the config.</summary>
    /// <exception cref="InputException">Neither config nor tokenizer names one.</exception>
    public int EosId => Tokenizer.EosId ?? (Decoder.Config.EosIds is [var first, ..]
        ? first
        : throw new InputException("neither config.json nor tokenizer_config.json names the end-of-text token (eos_token)"));

    /// <summary>Gets warnings about settings in the folder's files that were changed or ignored.</summary>
    public IReadOnlyList<string> Warnings => [.. Decoder.Config.Warnings, .. Tokenizer.Warnings, .. BeyondTheMatrix()];

    /// <summary>Gets the problem template that the model was trained with, as recorded in its folder; null if none is.</summary>
    public ProblemTemplate? ProblemTemplate =>
        Tokenizer.ProblemTemplateText is { } text && text.Contains(ProblemTemplate.Placeholder, StringComparison.Ordinal) ? new ProblemTemplate(text) : null;

    // Loaded when a prompt needs it: a folder with an unsupported template can still score, and generate from ids.
    private ChatTemplate? Chat => _namedChat ?? (Tokenizer.ChatTemplateText is null ? null : Tokenizer.ChatTemplateFor());

    /// <summary>Loads a Hugging Face model folder.</summary>
    /// <param name="folder">The model folder.</param>
    /// <param name="type">Number type of parameters and arithmetic, f32 by default.</param>
    /// <param name="chatTemplate">Name of a chat template; null for the folder's.</param>
    /// <param name="device">The device of the model; null for <see cref="ComputeDevice.Default"/>.</param>
    /// <exception cref="UsageException">The folder or a file is missing, or there is no such chat template.</exception>
    /// <exception cref="InputException">A file is damaged or not supported, or config and weights are inconsistent.</exception>
    public static LanguageModel Load(string folder, ScalarType type = ScalarType.Float32, string? chatTemplate = null, Device? device = null)
    {
        var tokenizer = Tokenizer.Load(folder);
        var decoder = DecoderFiles.Load(folder, type, device ?? ComputeDevice.Default);
        try
        {
            return new LanguageModel(decoder, tokenizer, chatTemplate) { Name = folder };
        }
        catch
        {
            decoder.Dispose();
            throw;
        }
    }

    /// <summary>Encodes the prompt of a problem: applies the problem template, then the chat template if there is one.</summary>
    /// <param name="template">The problem template.</param>
    /// <param name="problem">The problem.</param>
    /// <param name="earlier">The messages before the problem; null for none.</param>
    /// <returns>The token ids of the prompt.</returns>
    /// <exception cref="UsageException">The folder's chat template is not a built-in one.</exception>
    /// <exception cref="InputException">There are earlier messages and no chat template, or the text has a token for which the model has no row.</exception>
    public int[] EncodeProblem(ProblemTemplate template, string problem, IReadOnlyList<ChatMessage>? earlier = null)
    {
        ArgumentNullException.ThrowIfNull(template);
        return EncodeChat([.. earlier ?? [], new ChatMessage("user", template.Format(problem))]);
    }

    /// <summary>
    /// Encodes a user's message as a prompt, with the chat template if there is one. Begin-of-text is added if the tokenizer's post-processor
    /// adds it and the template does not.
    /// </summary>
    /// <param name="text">The message.</param>
    /// <returns>The token ids of the prompt.</returns>
    /// <exception cref="UsageException">The folder's chat template is not a built-in one.</exception>
    /// <exception cref="InputException">The text has a token for which the model has no row.</exception>
    public int[] EncodePrompt(string text) => EncodeChat([new ChatMessage("user", text)]);

    /// <summary>Encodes a chat as a prompt, with the chat template if there is one; without a template, a chat can only be one user message.</summary>
    /// <param name="messages">The messages, in order.</param>
    /// <returns>The token ids of the prompt.</returns>
    /// <exception cref="UsageException">The folder's chat template is not a built-in one.</exception>
    /// <exception cref="InputException">The template cannot render the messages, there is no template for several messages, or the text has a token for which the model has no row.</exception>
    public int[] EncodeChat(IReadOnlyList<ChatMessage> messages)
    {
        ArgumentNullException.ThrowIfNull(messages);
        if (Chat is { } chat)
            return EncodeRaw(chat.Render(messages, addGenerationPrompt: true));
        return messages is [{ Role: "user" } only]
            ? EncodeRaw(only.Content)
            : throw new InputException($"{messages.Count} messages ({string.Join(", ", messages.Select(m => m.Role))}) need a chat template, and the model's folder has none; name one with data.chat_template");
    }

    /// <summary>Encodes a text as a prompt without templates. Begin-of-text is added if the tokenizer's post-processor adds it and the text does not begin with it.</summary>
    /// <param name="text">The text; special tokens in it are recognised.</param>
    /// <returns>The token ids of the prompt.</returns>
    /// <exception cref="InputException">The text has a token for which the model has no row.</exception>
    public int[] EncodeRaw(string text)
    {
        var ids = EncodeText(text);
        var before = Tokenizer.TextPrefix;
        return before.Count == 0 || ids.AsSpan().StartsWith([.. before]) ? ids : Checked([.. before, .. ids]);
    }

    /// <summary>Encodes a text that follows a prompt.</summary>
    /// <exception cref="InputException">The text holds a token for which the model has no row.</exception>
    internal int[] EncodeText(string text) => Checked(Tokenizer.Encode(text));

    /// <summary>Encodes a response for training; the ordinals of numbered paths get the ids that an engine injects.</summary>
    /// <exception cref="InputException">The text holds a token for which the model has no row.</exception>
    internal int[] EncodeResponse(string text)
    {
        if (!NumberPaths || _tags is null)
            return EncodeText(text);
        var (ids, from) = (new List<int>(), 0);
        foreach (var (start, length, ordinal) in PathNumbers.Find(text))
        {
            ids.AddRange(EncodeText(text[from..start]));
            ids.AddRange(PathNumbers.Ids(ordinal));
            from = start + length;
        }

        return [.. ids, .. EncodeText(text[from..])];
    }

    /// <summary>Decodes a response, with tags and without end-of-text.</summary>
    /// <param name="ids">The ids of the response.</param>
    /// <returns>The text.</returns>
    public string DecodeResponse(ReadOnlySpan<int> ids)
    {
        while (ids.Length > 0 && Eos.Contains(ids[^1]))
            ids = ids[..^1];
        return Tokenizer.Decode(ids);
    }

    /// <summary>Creates an engine that decodes with this model; dispose it before the model.</summary>
    /// <param name="limits">Number of concurrent responses and memory of the cache; null for the defaults.</param>
    public Engine CreateEngine(EngineLimits? limits = null) => new(Decoder, Tags, [.. Eos], limits, PathNumbers, () => Tokenizer.CreateStreamDecoder());

    /// <summary>Writes config, weights and tokenizer into an existing folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="master">Gets the f32 value of a parameter by its name, or null if there is none.</param>
    /// <param name="trainedWith">The problem template of the training, to be recorded in the folder; null to keep the recorded one.</param>
    public void Save(string folder, Func<string, Tensor?>? master = null, ProblemTemplate? trainedWith = null)
    {
        Decoder.Save(folder, master);
        var tokenizer = (trainedWith is null ? Tokenizer : Tokenizer.WithProblemTemplateText(trainedWith.Text)).WithNumberPaths(NumberPaths);
        (_namedChat?.Jinja is { } chat ? tokenizer.WithChatTemplateText(chat) : tokenizer).Save(folder);
    }

    /// <inheritdoc/>
    public void Dispose() => Decoder.Dispose();

    /// <summary>Gets a warning about added tokens (such as a padding token) without an embedding row; a text that contains one cannot be encoded.</summary>
    private IEnumerable<string> BeyondTheMatrix()
    {
        var rows = Decoder.Config.VocabSize;
        if (Tokenizer.IdLimit > rows)
            yield return $"the model has no rows for the tokenizer's {string.Join(", ", Enumerable.Range(rows, Math.Min(Tokenizer.IdLimit - rows, 8)).Select(id => $"\"{Tokenizer.TokenOf(id)}\""))} (from id {rows}); a text with one of them is an error";
    }

    private int[] Checked(int[] ids)
    {
        foreach (var id in ids)
        {
            if (id >= Decoder.Config.VocabSize)
                throw new InputException($"the text holds the token \"{Tokenizer.TokenOf(id)}\" (id {id}), for which the model has no row (its vocabulary ends at {Decoder.Config.VocabSize - 1})");
        }

        return ids;
    }

    /// <summary>Encodes a text as it appears after a <c>&lt;Path&gt;</c>.</summary>
    private int[] EncodeAfterPath(string text)
    {
        var tag = ThinkingTag.PathOpen.Text();
        var ids = EncodeText(tag + text);
        return _tags is { } tags && ids is [var first, .. var rest] && first == tags[ThinkingTag.PathOpen] ? rest : EncodeText(text);
    }

    private int? OneToken(string text) => Tokenizer.Encode(text) is [var id] ? id : null;
}
