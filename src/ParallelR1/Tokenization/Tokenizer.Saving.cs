using System.Text.Json.Nodes;
using ParallelR1.IO;

namespace ParallelR1.Tokenization;

/// <summary>Chat template, other sources, changed copies, and writing.</summary>
public sealed partial class Tokenizer
{
    private const string TokenizerFileName = "tokenizer.json";

    /// <summary>A copy with special tokens appended in the given order (not normalised, no stripping); those that are already special keep their ids.</summary>
    public Tokenizer WithAddedTokens(IReadOnlyList<string> special)
    {
        ArgumentNullException.ThrowIfNull(special);
        var tokens = _definition.AddedTokens.ToList();
        var fresh = new List<AddedToken>();
        var next = Math.Max(tokens.Select(t => t.Id + 1).DefaultIfEmpty(0).Max(), _definition.IdLimit);
        foreach (var content in special.Distinct(StringComparer.Ordinal))
        {
            ArgumentException.ThrowIfNullOrEmpty(content);
            if (IdOf(content) is { } known && IsSpecial(known))
                continue;
            var token = new AddedToken(IdOf(content) ?? next++, content) { Special = true };
            tokens.RemoveAll(t => t.Content == content);
            tokens.Add(token);
            fresh.Add(token);
        }

        return fresh.Count == 0 ? this : new Tokenizer(_definition with { AddedTokens = tokens }, _config.WithAddedTokens(fresh));
    }

    /// <summary>The chat template to use: the built-in one of that name, else the one that the folder's template text stands for.</summary>
    /// <param name="name">One of <see cref="ChatTemplate.Names"/>, or null for the folder's.</param>
    /// <param name="thinking">See <see cref="ChatTemplate.Named"/>.</param>
    /// <exception cref="UsageException">No such template, or the folder's is not known; the message names <c>--template</c>.</exception>
    public ChatTemplate ChatTemplateFor(string? name = null, bool thinking = true) =>
        (name is null ? ChatTemplate.Recognise(ChatTemplateText, thinking) : ChatTemplate.Named(name, thinking)).For(this);

    /// <summary>A copy with another chat template.</summary>
    /// <param name="jinja">The template's text, as the Hugging Face libraries read it.</param>
    public Tokenizer WithChatTemplateText(string jinja) => new(_definition, _config.WithTemplate(jinja));

    /// <summary>The text that the model was trained to see around a problem, with <c>{Problem}</c> in it, as the folder records it; or null.</summary>
    public string? ProblemTemplateText => _config.ProblemTemplate;

    /// <summary>A copy that records what the model was trained to see around a problem.</summary>
    /// <param name="text">The text with <c>{Problem}</c> in it.</param>
    public Tokenizer WithProblemTemplateText(string text) => new(_definition, _config.WithProblemTemplate(text));

    /// <summary>Whether the model was trained with numbered paths, as the folder records it.</summary>
    public bool NumberPaths => _config.NumberPaths;

    /// <summary>A copy that records whether the model was trained with numbered paths.</summary>
    public Tokenizer WithNumberPaths(bool numbered) => new(_definition, _config.WithNumberPaths(numbered));

    /// <summary>The Hugging Face tokenizer that a GGUF file's vocabulary stands for.</summary>
    /// <exception cref="InputException">The data contradict each other, or the pre-tokenizer is not supported; the message names it.</exception>
    internal static Tokenizer FromGguf(GgufVocabulary vocabulary)
    {
        ArgumentNullException.ThrowIfNull(vocabulary);
        return GgufImport.Import(vocabulary);
    }

    /// <summary>
    /// Writes tokenizer.json, tokenizer_config.json and what else was loaded (special_tokens_map.json, chat_template.jinja) into a folder,
    /// which is created where it is missing. The Hugging Face libraries read the result.
    /// </summary>
    public void Save(string folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        Directory.CreateDirectory(folder);
        AtomicFile.Write(Path.Combine(folder, TokenizerFileName), stream => TokenizerFileWriter.Write(stream, _definition));
        var config = _config.Config is null ? _config with { Config = new JsonObject { ["tokenizer_class"] = "PreTrainedTokenizerFast" } } : _config;
        config.Save(folder);
    }
}
