using ParallelR1.IO;
using ParallelR1.Training.Recipes;
using ParallelR1.Training.Recipes.Binding;

namespace ParallelR1.Tests.Training.Recipes;

public sealed class RecipeDocumentationTests
{
    [Fact]
    public void Every_key_is_documented_with_its_default_and_no_other()
    {
        Assert.SkipWhen(KnownFolders.Checkout is null, "no checkout around the tests");
        var documented = Rows(File.ReadAllLines(Path.Combine(KnownFolders.Checkout!, "docs", "recipes.md")));
        var keys = new Dictionary<string, string?>();
        Collect(typeof(Recipe), Recipe.Defaults(RecipeStage.Rl), "", keys);

        Assert.Empty(keys.Keys.Except(documented.Keys));
        Assert.Empty(documented.Keys.Except(keys.Keys));
        Assert.All(keys.Where(k => k.Value is not null), k => Assert.True(
            documented[k.Key].Split(' ', ',').Any(word => Same(word, k.Value!)), $"{k.Key}: the default is {k.Value}, documented as {documented[k.Key]}"));
    }

    private static bool Same(string word, string value) =>
        word == value || (double.TryParse(word, out var a) && double.TryParse(value, out var b) && a == b);

    private static void Collect(Type type, object defaults, string path, Dictionary<string, string?> keys)
    {
        foreach (var key in RecipeKeys.Of(type))
        {
            var nested = key.Element ?? key.Type;
            var value = key.Property.GetValue(defaults);
            keys[path + key.Name] = key.IsRecord || key.Element is not null || key.Required || value is "" ? null : RecordWriter.Scalar(value);
            if (RecipeKey.IsRecordType(nested))
                Collect(nested, (key.Element is null ? value : null) ?? Activator.CreateInstance(nested)!, $"{path}{key.Name}{(key.Element is null ? "" : "[]")}.", keys);
        }
    }

    private static Dictionary<string, string> Rows(string[] lines)
    {
        var (rows, section) = (new Dictionary<string, string>(), "");
        foreach (var line in lines)
        {
            if (line.StartsWith("### ", StringComparison.Ordinal))
                section = line == "### Top level" ? "" : line[4..].Trim('`') + ".";
            else if (line.StartsWith("| `", StringComparison.Ordinal))
                rows[section + line.Split('|')[1].Trim().Trim('`')] = line.Split('|')[3].Trim();
        }

        return rows;
    }
}
