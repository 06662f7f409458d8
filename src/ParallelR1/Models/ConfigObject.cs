using System.Text.Json;
using ParallelR1.IO;

namespace ParallelR1.Models;

/// <summary>Typed reading of one JSON object of a model folder; every error names the file and the key.</summary>
internal sealed class ConfigObject
{
    private const long FileLimit = 64 << 20;
    private readonly string _where;
    private readonly Dictionary<string, JsonElement> _values = new(StringComparer.Ordinal);

    private ConfigObject(string where, JsonElement json)
    {
        _where = where;
        try
        {
            foreach (var property in json.EnumerateObject())
                _values[property.Name] = property.Value;
        }
        catch (InvalidOperationException e)
        {
            throw new InputException($"{where}: not valid text: {e.Message}", e);
        }
    }

    public static ConfigObject Read(string path)
    {
        if (!FileSize.IsThere(path))
            throw new UsageException($"{path}: no such file; is this the folder of a model?");
        if (FileSize.Of(path) is var length && length > FileLimit)
            throw new InputException($"{path}: {length} bytes are too many for such a file; is it another kind of file?");
        var bytes = File.ReadAllBytes(path);
        GitLfsPointer.Refuse(path, bytes, bytes.Length);
        try
        {
            using var document = PythonJson.Parse(bytes);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                throw new InputException($"{path}: expected a JSON object, found {document.RootElement.ValueKind}");
            return new ConfigObject(path, document.RootElement.Clone());
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new InputException($"{path}: not valid JSON: {JsonText.Fault(e)}", e);
        }
    }

    public bool Has(string key) => _values.TryGetValue(key, out var value) && value.ValueKind != JsonValueKind.Null;

    public bool IsPresent(string key) => _values.ContainsKey(key);

    public IEnumerable<KeyValuePair<string, JsonElement>> Values => _values;

    public InputException Error(string key, string message) => new($"{_where}: {key}: {message}");

    public ConfigObject? Object(string key)
    {
        if (!Has(key))
            return null;
        return _values[key].ValueKind == JsonValueKind.Object
            ? new ConfigObject($"{_where}: {key}", _values[key])
            : throw Unexpected(key, "an object");
    }

    public string? Text(string key) => !Has(key)
        ? null
        : _values[key].ValueKind == JsonValueKind.String ? Text(key, _values[key]) : throw Unexpected(key, "a string");

    public bool? Flag(string key) => !Has(key)
        ? null
        : _values[key].ValueKind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            _ => throw Unexpected(key, "true or false"),
        };

    public double? Number(string key)
    {
        if (!Has(key))
            return null;
        return _values[key].ValueKind == JsonValueKind.Number && _values[key].TryGetDouble(out var number) && double.IsFinite(number)
            ? number
            : throw Unexpected(key, "a finite number");
    }

    public double? Positive(string key) =>
        Number(key) is not { } number ? null : number > 0 ? number : throw Unexpected(key, "a number above 0");

    public int? Integer(string key, int minimum, int maximum) => Has(key) ? Integer(key, _values[key], minimum, maximum) : null;

    public int Required(string key, int minimum, int maximum) =>
        Integer(key, minimum, maximum) ?? throw Error(key, "is missing; the decoder cannot be built without it");

    /// <summary>Gets the ids of a special token, which may be one or a list; empty for null, or for −1, which some converters write.</summary>
    public int[] Ids(string key)
    {
        if (!Has(key))
            return [];
        var value = _values[key];
        IEnumerable<JsonElement> given = value.ValueKind == JsonValueKind.Array ? value.EnumerateArray() : [value];
        return [.. given.Where(id => id.ValueKind != JsonValueKind.Null).Select(id => Integer(key, id, -1, int.MaxValue)).Where(id => id >= 0)];
    }

    public string[]? Texts(string key)
    {
        if (!Has(key))
            return null;
        var value = _values[key];
        return value.ValueKind == JsonValueKind.Array
            && value.EnumerateArray().All(v => v.ValueKind == JsonValueKind.String)
            ? [.. value.EnumerateArray().Select(v => Text(key, v))]
            : throw Unexpected(key, "a list of strings");
    }

    private int Integer(string key, JsonElement value, int minimum, int maximum)
    {
        var good = value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number)
            && number == Math.Floor(number) && number >= minimum && number <= maximum;
        return good ? (int)value.GetDouble() : throw Unexpected(key, $"a whole number from {minimum} to {maximum}", value);
    }

    private string Text(string key, JsonElement value)
    {
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException e)
        {
            throw new InputException($"{_where}: {key}: not valid text: {e.Message}", e);
        }
    }

    private InputException Unexpected(string key, string expected) => Unexpected(key, expected, _values[key]);

    private InputException Unexpected(string key, string expected, JsonElement found)
    {
        // The value on one line, however it is formatted in the file.
        var text = string.Join(' ', found.GetRawText().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return Error(key, $"expected {expected}, found {(text.Length > 60 ? text[..57] + "..." : text)}; correct it, or fetch the file again");
    }
}
