namespace ParallelR1.Models.Gguf;

/// <summary>Typed access to a GGUF file's metadata; errors name the file and the key.</summary>
internal sealed class GgufMetadata(GgufFile file)
{
    public bool Has(string key) => file.Metadata.ContainsKey(key);

    public InputException Error(string key, string message) => new($"{file.Path}: {key}: {message}");

    public string? Text(string key) => Get<string>(key, "a string");

    public bool? Flag(string key) => file.Metadata.TryGetValue(key, out var value)
        ? value as bool? ?? throw Unexpected(key, "true or false", value)
        : null;

    public double? Number(string key) => !file.Metadata.TryGetValue(key, out var value)
        ? null
        : value switch
        {
            double number when double.IsFinite(number) => number,
            long number => number,
            _ => throw Unexpected(key, "a finite number", value),
        };

    public int? Integer(string key, int minimum, int maximum)
    {
        if (!file.Metadata.TryGetValue(key, out var value))
            return null;
        // Some converters write one value per layer, even if all are equal.
        if (value is long[] { Length: > 0 } list && list.All(v => v == list[0]))
            value = list[0];
        return value is long number && number >= minimum && number <= maximum
            ? (int)number
            : throw Unexpected(key, $"a whole number from {minimum} to {maximum}", value);
    }

    /// <summary>Gets a special token's id; null if there is none, which may be written as −1, signed or unsigned.</summary>
    public int? Id(string key) => file.Metadata.TryGetValue(key, out var value) && value is -1L or 4294967295L ? null : Integer(key, 0, int.MaxValue);

    /// <summary>Gets the keys with a prefix.</summary>
    public IEnumerable<string> Keys(string prefix) => file.Metadata.Keys.Where(k => k.StartsWith(prefix, StringComparison.Ordinal));

    public int Required(string key, int minimum, int maximum) =>
        Integer(key, minimum, maximum) ?? throw Error(key, "is missing");

    public string[] Texts(string key) => Get<string[]>(key, "a list of strings") ?? [];

    public int[] Integers(string key)
    {
        var values = Get<long[]>(key, "a list of whole numbers") ?? [];
        return values.All(v => v is >= int.MinValue and <= int.MaxValue)
            ? Array.ConvertAll(values, v => (int)v)
            : throw Error(key, "holds a number beyond 32 bits");
    }

    private T? Get<T>(string key, string expected)
        where T : class =>
        file.Metadata.TryGetValue(key, out var value) ? value as T ?? throw Unexpected(key, expected, value) : null;

    private InputException Unexpected(string key, string expected, object found)
    {
        var text = found is Array list ? $"a list of {list.Length}" : $"'{found}'";
        return Error(key, $"expected {expected}, found {(text.Length > 80 ? text[..77] + "..." : text)}");
    }
}
