using System.Text.Json;
using System.Text.Json.Nodes;
using ParallelR1.IO;

namespace ParallelR1.Thinking;

/// <summary>Token ids of the six tags. Checked when created: each tag is one token, and all are different.</summary>
public sealed class TagIds
{
    private readonly int[] _ids;
    private readonly int _smallest;
    private readonly uint _span;

    /// <summary>Initializes the table from six ids in the order of <see cref="ThinkingTag"/>.</summary>
    /// <param name="ids">The ids.</param>
    /// <param name="newline">The id of a single line feed; null if the vocabulary has none.</param>
    /// <param name="eos">The id of end-of-text; null if unknown.</param>
    /// <exception cref="InputException">There are not exactly six ids, or they are negative or not distinct.</exception>
    public TagIds(ReadOnlySpan<int> ids, int? newline = null, int? eos = null)
    {
        if (ids.Length != ThinkingTags.All.Count)
            throw new InputException($"expected {ThinkingTags.All.Count} tag ids, found {ids.Length}");
        for (var i = 0; i < ids.Length; i++)
        {
            if (ids[i] < 0)
                throw new InputException($"the id of {ThinkingTags.All[i]} is {ids[i]}; ids are not negative");
            if (ids[..i].IndexOf(ids[i]) is var j and >= 0)
                throw new InputException($"{ThinkingTags.All[j]} and {ThinkingTags.All[i]} have the same id {ids[i]}; the six tags must be different tokens");
        }

        _ids = ids.ToArray();
        _smallest = _ids.Min();
        _span = (uint)(_ids.Max() - _smallest);
        Newline = newline;
        Eos = eos;
    }

    /// <summary>Gets the id of a single line feed; null if the vocabulary has none.</summary>
    public int? Newline { get; }

    /// <summary>Gets the id of end-of-text; null if unknown.</summary>
    public int? Eos { get; }

    /// <summary>Gets how ordinals of paths are encoded; null if paths are not numbered.</summary>
    public PathNumbers? Numbers { get; private init; }

    /// <summary>Gets the id of a tag.</summary>
    /// <param name="tag">The tag.</param>
    public int this[ThinkingTag tag] => _ids[(int)tag];

    /// <summary>Returns the same tags with other ordinals of paths.</summary>
    /// <param name="numbers">How ordinals are encoded; null for paths without numbers.</param>
    public TagIds WithNumbers(PathNumbers? numbers) => ReferenceEquals(numbers, Numbers) ? this : new TagIds(_ids, Newline, Eos) { Numbers = numbers };

    /// <summary>Returns whether a token is a tag, and which one.</summary>
    /// <param name="id">The token id.</param>
    /// <param name="tag">The tag, if the token is one.</param>
    public bool TryGet(int id, out ThinkingTag tag)
    {
        tag = default;
        if ((uint)(id - _smallest) > _span)
            return false;
        var index = Array.IndexOf(_ids, id);
        tag = (ThinkingTag)Math.Max(index, 0);
        return index >= 0;
    }

    /// <summary>Resolves the tags with a tokenizer.</summary>
    /// <param name="idOf">Returns the id of a text that is exactly one token, else null.</param>
    /// <param name="eos">The id of end-of-text; null if unknown.</param>
    /// <exception cref="InputException">A tag is not one token of this vocabulary.</exception>
    public static TagIds Resolve(Func<string, int?> idOf, int? eos = null)
    {
        ArgumentNullException.ThrowIfNull(idOf);
        var ids = ThinkingTags.All.Select(idOf).ToArray();
        var missing = ThinkingTags.All.Where((_, i) => ids[i] is null).ToArray();
        return missing.Length == 0
            ? new TagIds([.. ids.Select(id => id!.Value)], idOf("\n"), eos)
            : throw new InputException($"{string.Join(", ", missing)}: not one token of this vocabulary; add the six tags with `model init-tags`");
    }

    /// <summary>Reads a JSON object that maps tags to ids; <c>newline</c> and <c>eos</c> are used if present, other keys are ignored.</summary>
    /// <param name="path">The JSON file.</param>
    /// <exception cref="UsageException">The file does not exist.</exception>
    /// <exception cref="InputException">The file is not valid JSON, or lacks a tag's id, or an id is not valid.</exception>
    public static TagIds FromFile(string path)
    {
        if (!File.Exists(path))
            throw new UsageException($"{path}: no such file; give a JSON object from tag to token id");
        try
        {
            using var stream = File.OpenRead(path);
            var map = JsonNode.Parse(stream) as JsonObject
                ?? throw new InputException("expected a JSON object from tag to token id");
            var missing = ThinkingTags.All.Where(tag => !map.ContainsKey(tag)).ToArray();
            if (missing.Length > 0)
                throw new InputException($"{string.Join(", ", missing)} missing; the file must give the ids of all six tags");
            return new TagIds([.. ThinkingTags.All.Select(tag => Id(map, tag)!.Value)], Id(map, "newline"), Id(map, "eos"));
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            throw new InputException($"{path}: not valid JSON: {JsonText.Fault(e)}", e);
        }
        catch (InputException e)
        {
            throw new InputException($"{path}: {e.Message}", e);
        }
    }

    private static int? Id(JsonObject map, string key) => map[key] switch
    {
        null => ThinkingTags.All.Contains(key) ? throw new InputException($"the id of {key} is null, expected an integer") : null,
        JsonValue value when value.TryGetValue<int>(out var id) => id,
        var other => throw new InputException($"the id of {key} is {other.ToJsonString()}, expected an integer"),
    };
}
