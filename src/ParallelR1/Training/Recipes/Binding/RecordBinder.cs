using System.Collections;
using System.Globalization;
using System.Numerics;
using System.Reflection;

namespace ParallelR1.Training.Recipes.Binding;

/// <summary>
/// Binds a tree of values to option records. The records determine the maximum depth, not the input. Every error is a
/// <see cref="UsageException"/> that names origin, key path and what was expected.
/// </summary>
internal sealed class RecordBinder(Func<string, string>? resolvePath = null)
{
    /// <summary>Returns a copy of <paramref name="defaults"/> with the keys of <paramref name="node"/> replaced.</summary>
    public object Bind(RecipeNode node, object defaults, string path = "")
    {
        var type = defaults.GetType();
        var keys = RecipeKeys.Of(type);
        if (node is RecipeScalar { IsNull: true })
            node = new RecipeMapping(node.Origin, []);
        if (node is not RecipeMapping mapping)
            throw Wrong(node.Origin, path, $"expected keys ({Names(keys)})", node);

        var record = Copy(defaults, keys);
        foreach (var entry in mapping.Entries)
        {
            var full = Join(path, entry.Key);
            var key = Array.Find(keys, k => k.Name == entry.Key)
                ?? throw new UsageException(
                    $"{entry.Origin}: {full}: unknown key{NearestName.Suggest(entry.Key, keys.Select(k => k.Name))} {(path.Length == 0 ? "A recipe" : $"'{path}'")} has: {Names(keys)}");
            key.Property.SetValue(record, Value(key, entry.Value, key.Property.GetValue(defaults), full));
        }

        foreach (var key in keys.Where(k => k.Required && mapping.Find(k.Name) is null))
            throw new UsageException($"{mapping.Origin}: {Join(path, key.Name)}: missing, and it has no default; expected {Expected(key.Type)}");
        Check(record, mapping, path);
        return record;
    }

    /// <summary>Gets the problems of a record and the records in it, with the dotted path of the key of each.</summary>
    public static IEnumerable<(string Key, string Problem)> Problems(object record, string path = "")
    {
        var own = record is IOptionChecks checks ? checks.Check().Select(p => (p.Key.Length == 0 ? path : Join(path, p.Key), p.Problem)) : [];
        var nested = RecipeKeys.Of(record.GetType())
            .Where(key => key.IsRecord && key.Element is null)
            .SelectMany(key => key.Property.GetValue(record) is { } inner ? Problems(inner, Join(path, key.Name)) : []);
        var items = RecipeKeys.Of(record.GetType())
            .Where(key => key.Element is { } element && RecipeKey.IsRecordType(element))
            .SelectMany(key => ((IEnumerable)key.Property.GetValue(record)!).Cast<object>().SelectMany((item, i) => Problems(item, $"{Join(path, key.Name)}[{i}]")));
        return own.Concat(nested).Concat(items);
    }

    private object? Value(RecipeKey key, RecipeNode node, object? current, string path)
    {
        if (node is RecipeScalar { IsNull: true })
        {
            if (key.AllowsNull)
                return null;
            return key.IsRecord && key.Element is null
                ? current
                : throw Wrong(node.Origin, path, $"expected {Expected(key.Type)}", node);
        }

        if (key.Element is { } element)
            return List(key, element, node, path);
        return key.IsRecord ? Bind(node, current ?? Activator.CreateInstance(key.Type)!, path) : Scalar(key, key.Type, node, path);
    }

    private object List(RecipeKey key, Type element, RecipeNode node, string path)
    {
        if (node is not RecipeSequence sequence)
            throw Wrong(node.Origin, path, $"expected a list of {Expected(element)}", node);
        var list = (IList)Activator.CreateInstance(typeof(List<>).MakeGenericType(element))!;
        for (var i = 0; i < sequence.Items.Count; i++)
        {
            var at = $"{path}[{i}]";
            list.Add(RecipeKey.IsRecordType(element)
                ? Bind(sequence.Items[i], Activator.CreateInstance(element)!, at)
                : Scalar(key, element, sequence.Items[i], at));
        }

        return list;
    }

    private object Scalar(RecipeKey key, Type type, RecipeNode node, string path)
    {
        if (node is not RecipeScalar scalar || !TryParse(type, scalar, out var value))
            throw Wrong(node.Origin, path, $"expected {Expected(type)}{(IsTooLarge(type, node) ? $" from {int.MinValue} to {int.MaxValue}" : "")}", node, Suggestion(type, node));
        if (key.Bounds is { } bounds && value is IConvertible and not string && !bounds.Allows(Convert.ToDouble(value, CultureInfo.InvariantCulture)))
            throw new UsageException($"{node.Origin}: {path}: must be {bounds.Describe()}, found {scalar.Text}");
        return value is string text && resolvePath is not null && key.Property.GetCustomAttribute<PathOrNameAttribute>() is not null
            ? resolvePath(text)
            : value!;
    }

    private static bool IsTooLarge(Type type, RecipeNode node) =>
        type == typeof(int) && node is RecipeScalar { Quoted: false } scalar && BigInteger.TryParse(scalar.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _);

    private static bool TryParse(Type type, RecipeScalar scalar, out object? value)
    {
        var text = scalar.Text;
        value = null;
        if (type == typeof(string))
            value = text;
        else if (type.IsEnum)
            value = RecipeKeys.EnumTexts(type).FirstOrDefault(t => t.Text == text).Value;
        else if (scalar.Quoted)
            return false;
        else if (type == typeof(bool))
            value = text switch { "true" or "True" => true, "false" or "False" => false, _ => null };
        else if (type == typeof(int))
            value = int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var i) ? i : null;
        else if (type == typeof(long))
            value = long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var l) ? l : null;
        else if (type == typeof(double))
            value = double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var d) && double.IsFinite(d) ? d : null;
        else
            throw new NotSupportedException($"recipes cannot hold a {type}");
        return value is not null;
    }

    private static void Check(object record, RecipeMapping mapping, string path)
    {
        if (record is not IOptionChecks checks)
            return;
        foreach (var (key, problem) in checks.Check())
            throw new UsageException($"{Origin(mapping, key)}: {(key.Length == 0 ? path : Join(path, key))}: {problem}");
    }

    /// <summary>Gets the origin of a nested key, or of the nearest parent of it that is present.</summary>
    private static string Origin(RecipeMapping mapping, string key)
    {
        var origin = mapping.Origin;
        RecipeNode? node = mapping;
        foreach (var part in key.Split('.'))
        {
            if ((node as RecipeMapping)?.Find(part) is not { } entry)
                break;
            (origin, node) = (entry.Origin, entry.Value);
        }

        return origin;
    }

    private static object Copy(object defaults, RecipeKey[] keys)
    {
        var record = Activator.CreateInstance(defaults.GetType())!;
        foreach (var key in keys)
            key.Property.SetValue(record, key.Property.GetValue(defaults));
        return record;
    }

    internal static string Expected(Type type) => type switch
    {
        _ when type == typeof(string) => "text",
        _ when type == typeof(bool) => "true or false",
        _ when type == typeof(int) || type == typeof(long) => "a whole number",
        _ when type == typeof(double) => "a number",
        { IsEnum: true } => $"one of {string.Join(", ", RecipeKeys.EnumTexts(type).Select(t => t.Text))}",
        _ when RecipeKey.IsRecordType(type) => $"keys ({Names(RecipeKeys.Of(type))})",
        _ => "a list",
    };

    private static string Suggestion(Type type, RecipeNode node) =>
        type.IsEnum && node is RecipeScalar scalar ? NearestName.Suggest(scalar.Text, RecipeKeys.EnumTexts(type).Select(t => t.Text)).TrimEnd('.') : "";

    private static UsageException Wrong(string origin, string path, string expected, RecipeNode found, string suggestion = "") =>
        new($"{origin}: {(path.Length == 0 ? "the recipe" : path)}: {expected}, found {Describe(found)}{suggestion}");

    private static string Describe(RecipeNode node) => node switch
    {
        RecipeScalar { IsNull: true } => "nothing",
        RecipeScalar { Quoted: true } s => $"the text \"{Cut(s.Text)}\"",
        RecipeScalar s => $"'{Cut(s.Text)}'",
        RecipeSequence s => $"a list of {s.Items.Count}",
        RecipeMapping m => $"{m.Entries.Count} keys",
        _ => "something else",
    };

    private static string Cut(string text) => text.Length <= 60 ? text : string.Concat(text.AsSpan(0, 57), "...");

    private static string Names(IEnumerable<RecipeKey> keys) => string.Join(", ", keys.Select(k => k.Name));

    private static string Join(string path, string key) => path.Length == 0 ? key : $"{path}.{key}";
}

/// <summary>Marks a value that is the path of a file or folder, or the name of something known. Relative paths are also resolved against the recipe's folder.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class PathOrNameAttribute : Attribute;
