using System.Text.Json.Nodes;
using ParallelR1.IO;

namespace ParallelR1.Tokenization;

/// <summary>Chat template, import from GGUF, modified copies, and saving.</summary>
public sealed partial class Tokenizer
{
    private const string TokenizerFileName = "tokenizer.json";

    /// <summary>Returns a copy with special tokens appended in the given order (not normalised, not stripped); existing special tokens keep their ids.</summary>
    /// <param name="special">Texts of the tokens.</param>
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

    /// <summary>Gets the built-in chat template of a name, or the one that is equivalent to the folder's template text.</summary>
    /// <param name="name">One of <see cref="ChatTemplate.Names"/>, or null for the folder's.</param>
    /// <param name="thinking">See <see cref="ChatTemplate.Named"/>.</param>
    /// <exception cref="UsageException">There is no such template, or the folder's is unknown; the message names <c>--template</c>.</exception>
    public ChatTemplate ChatTemplateFor(string? name = null, bool thinking = true) =>
        (name is null ? ChatTemplate.Recognise(ChatTemplateText, thinking) : ChatTemplate.Named(name, thinking)).For(this);

    /// <summary>Returns a copy with another chat template.</summary>
    /// <param name="jinja">The template in Jinja, as the Hugging Face libraries read it.</param>
    public Tokenizer WithChatTemplateText(string jinja) => new(_definition, _config.WithTemplate(jinja));

    /// <summary>Gets the problem template that the model was trained with, with <c>{Problem}</c> for the problem, as recorded in the folder; or null.</summary>
    public string? ProblemTemplateText => _config.ProblemTemplate;

    /// <summary>Returns a copy that records the problem template that the model was trained with.</summary>
    /// <param name="text">The template, with <c>{Problem}</c> for the problem.</param>
    public Tokenizer WithProblemTemplateText(string text) => new(_definition, _config.WithProblemTemplate(text));

    /// <summary>Gets whether the model was trained with numbered paths, as recorded in the folder.</summary>
    public bool NumberPaths => _config.NumberPaths;

    /// <summary>Returns a copy that records whether the model was trained with numbered paths.</summary>
    public Tokenizer WithNumberPaths(bool numbered) => new(_definition, _config.WithNumberPaths(numbered));

    /// <summary>Converts the vocabulary of a GGUF file to a Hugging Face tokenizer.</summary>
    /// <exception cref="InputException">The data are inconsistent, or the pre-tokenizer is not supported; the message names it.</exception>
    internal static Tokenizer FromGguf(GgufVocabulary vocabulary)
    {
        ArgumentNullException.ThrowIfNull(vocabulary);
        return GgufImport.Import(vocabulary);
    }

    /// <summary>
    /// Writes tokenizer.json, tokenizer_config.json and, if loaded, special_tokens_map.json and chat_template.jinja to a folder, which is
    /// created if it does not exist. The Hugging Face libraries can read the result.
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
