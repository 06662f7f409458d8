using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ParallelR1.IO;

namespace ParallelR1.Tokenization;

/// <summary>The files beside tokenizer.json, with the roles of special tokens and the chat template.</summary>
internal sealed record TokenizerConfig
{
    public const string ConfigFile = "tokenizer_config.json";
    public const string MapFile = "special_tokens_map.json";
    public const string TemplateFile = "chat_template.jinja";

    private const long MostBytes = 1L << 30;
    private const string ProblemKey = "problem_template";
    private const string NumbersKey = "number_paths";

    /// <summary>tokenizer_config.json, or null.</summary>
    public JsonObject? Config { get; init; }

    /// <summary>special_tokens_map.json, or null.</summary>
    public JsonObject? Map { get; init; }

    /// <summary>chat_template.jinja, or null.</summary>
    public string? TemplateText { get; init; }

    /// <summary>Gets the chat template: that of chat_template.jinja, otherwise that of the config (the one named <c>default</c> of several).</summary>
    public string? ChatTemplate => TemplateText ?? Config?["chat_template"] switch
    {
        JsonValue value when value.TryGetValue<string>(out var text) => text,
        JsonArray list => list.OfType<JsonObject>().FirstOrDefault(t => Text(t["name"]) == "default") is { } named ? Text(named["template"]) : null,
        _ => null,
    };

    /// <summary>Gets the problem template that the model was trained with; our own key, which other libraries ignore.</summary>
    public string? ProblemTemplate => Text(Config?[ProblemKey]);

    /// <summary>Gets whether the model was trained with numbered paths; also our own key.</summary>
    public bool NumberPaths => Config?[NumbersKey] is JsonValue value && value.TryGetValue<bool>(out var numbered) && numbered;

    public static TokenizerConfig Load(string folder) => new()
    {
        Config = ReadObject(Path.Combine(folder, ConfigFile)),
        Map = ReadObject(Path.Combine(folder, MapFile)),
        TemplateText = FileSize.IsThere(Path.Combine(folder, TemplateFile)) ? Encoding.UTF8.GetString(ReadBytes(Path.Combine(folder, TemplateFile))).TrimStart('\uFEFF') : null,
    };

    /// <summary>Reads a whole file; too large files are rejected.</summary>
    public static byte[] ReadBytes(string path)
    {
        if (FileSize.Of(path) is var length && length > MostBytes)
            throw new InputException($"{Path.GetFileName(path)}: {length} bytes is too large for a tokenizer's file (at most {MostBytes})");
        var bytes = File.ReadAllBytes(path);
        GitLfsPointer.Refuse(Path.GetFileName(path), bytes, bytes.Length);
        return bytes;
    }

    /// <summary>Gets the token of a role such as <c>eos_token</c>; the value is a string or an object with <c>content</c>.</summary>
    public string? TokenText(string role) => Content(Config?[role]) ?? Content(Map?[role]);

    public void Save(string folder)
    {
        if (Config is not null)
            AtomicFile.WriteText(Path.Combine(folder, ConfigFile), Config.ToJsonString(Format) + "\n");
        if (Map is not null)
            AtomicFile.WriteText(Path.Combine(folder, MapFile), Map.ToJsonString(Format) + "\n");
        if (TemplateText is not null)
            AtomicFile.WriteText(Path.Combine(folder, TemplateFile), TemplateText);
    }

    /// <summary>Returns a copy that names further special tokens wherever the files list them.</summary>
    public TokenizerConfig WithAddedTokens(IReadOnlyList<AddedToken> tokens)
    {
        var config = (JsonObject?)Config?.DeepClone();
        var map = (JsonObject?)Map?.DeepClone();
        if (config?["added_tokens_decoder"] is JsonObject decoder)
        {
            foreach (var token in tokens)
            {
                var entry = AddedTokenReader.Write(token);
                entry.Remove("id");
                decoder[token.Id.ToString(CultureInfo.InvariantCulture)] = entry;
            }
        }

        foreach (var owner in new[] { config, map })
        {
            if (owner?["additional_special_tokens"] is JsonArray list)
            {
                foreach (var token in tokens)
                    list.Add((JsonNode)token.Content);
            }
        }

        return this with { Config = config, Map = map };
    }

    /// <summary>Returns a copy with another chat template.</summary>
    public TokenizerConfig WithTemplate(string jinja)
    {
        var config = (JsonObject?)Config?.DeepClone() ?? new JsonObject { ["tokenizer_class"] = "PreTrainedTokenizerFast" };
        config["chat_template"] = jinja;
        return this with { Config = config, TemplateText = TemplateText is null ? null : jinja };
    }

    /// <summary>Returns a copy with another problem template.</summary>
    public TokenizerConfig WithProblemTemplate(string text)
    {
        var config = (JsonObject?)Config?.DeepClone() ?? new JsonObject { ["tokenizer_class"] = "PreTrainedTokenizerFast" };
        config[ProblemKey] = text;
        return this with { Config = config };
    }

    /// <summary>Returns a copy that records whether paths are numbered.</summary>
    public TokenizerConfig WithNumberPaths(bool numbered)
    {
        if (numbered == NumberPaths)
            return this;
        var config = (JsonObject?)Config?.DeepClone() ?? new JsonObject { ["tokenizer_class"] = "PreTrainedTokenizerFast" };
        config[NumbersKey] = numbered;
        return this with { Config = config };
    }

    private static JsonSerializerOptions Format { get; } = new(JsonLines.Options) { WriteIndented = true };

    private static JsonObject? ReadObject(string path)
    {
        if (!FileSize.IsThere(path))
            return null;
        try
        {
            return PythonJson.ParseNode(ReadBytes(path)) as JsonObject ?? throw new InputException($"{Path.GetFileName(path)}: expected an object");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException)
        {
            throw new InputException($"{Path.GetFileName(path)}: not valid JSON: {JsonText.Fault(e)}", e);
        }
    }

    private static string? Content(JsonNode? node) => Text(node is JsonObject token ? token["content"] : node);

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
}
