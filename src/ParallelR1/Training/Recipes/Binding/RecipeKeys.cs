using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Serialization;
using System.Text;

namespace ParallelR1.Training.Recipes.Binding;

/// <summary>Gets the keys of a record, which are its settable properties in declaration order in snake case, and the texts of enum members.</summary>
internal static class RecipeKeys
{
    private static readonly ConcurrentDictionary<Type, RecipeKey[]> Cache = new();

    public static RecipeKey[] Of(Type record) => Cache.GetOrAdd(record, static type =>
        [.. type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(p => p is { CanRead: true, CanWrite: true } && p.GetIndexParameters().Length == 0)
            .OrderBy(p => p.MetadataToken)
            .Select(p => new RecipeKey(Separate(p.Name, '_'), p))]);

    /// <summary>Gets the members of an enum with their texts: in kebab case (<c>TokenMean</c> is <c>token-mean</c>), or given by <see cref="EnumMemberAttribute"/>.</summary>
    public static IReadOnlyList<(string Text, object Value)> EnumTexts(Type type) =>
        [.. type.GetFields(BindingFlags.Public | BindingFlags.Static).Select(f =>
            (f.GetCustomAttribute<EnumMemberAttribute>()?.Value ?? Separate(f.Name, '-'), f.GetValue(null)!))];

    /// <summary>Gets the text of an enum member in a recipe.</summary>
    public static string EnumText(object value) => EnumTexts(value.GetType()).First(t => t.Value.Equals(value)).Text;

    private static string Separate(string name, char separator)
    {
        var text = new StringBuilder();
        for (var i = 0; i < name.Length; i++)
        {
            if (i > 0 && char.IsUpper(name[i]))
                text.Append(separator);
            text.Append(char.ToLowerInvariant(name[i]));
        }

        return text.ToString();
    }
}

/// <summary>A key and the property it sets.</summary>
internal sealed record RecipeKey(string Name, PropertyInfo Property)
{
    public Type Type => Nullable.GetUnderlyingType(Property.PropertyType) ?? Property.PropertyType;

    public bool Required => Property.GetCustomAttribute<RequiredMemberAttribute>() is not null;

    public bool AllowsNull =>
        Nullable.GetUnderlyingType(Property.PropertyType) is not null
        || (!Property.PropertyType.IsValueType && new NullabilityInfoContext().Create(Property).WriteState == NullabilityState.Nullable);

    public BoundsAttribute? Bounds => Property.GetCustomAttribute<BoundsAttribute>();

    public bool IsRecord => IsRecordType(Type);

    /// <summary>Gets the element type of a list; null if the key is not a list.</summary>
    public Type? Element =>
        Type.IsGenericType && Type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>) ? Type.GetGenericArguments()[0] : null;

    public static bool IsRecordType(Type type) => type.IsClass && type != typeof(string);
}
