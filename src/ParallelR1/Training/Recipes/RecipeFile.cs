using System.Text;
using ParallelR1.IO;
using ParallelR1.Training.Recipes.Binding;

namespace ParallelR1.Training.Recipes;

/// <summary>Reads and writes recipes.</summary>
public static class RecipeFile
{
    private const string Extends = "extends";
    private static readonly UTF8Encoding s_utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Finds and reads a recipe. If the file has no name for it, the recipe is named after the file.</summary>
    /// <param name="nameOrFile">The file, or <c>scale/name</c> of a recipe in the <c>recipes</c> folder.</param>
    /// <param name="settings">Overrides of the form <c>a.b=c</c>, applied in order after the values of the file.</param>
    /// <returns>The recipe, with the defaults of its stage for keys that are not given.</returns>
    /// <exception cref="UsageException">The recipe does not exist, or it is invalid: the message names file, line and key, and what to write.</exception>
    public static Recipe Load(string nameOrFile, IReadOnlyList<string>? settings = null)
    {
        var path = Find(nameOrFile);
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        var recipe = Parse(ReadText(path), path, settings, text => ResolvePath(text, folder));
        return recipe.Name.Length > 0 ? recipe : recipe with { Name = Path.GetFileNameWithoutExtension(path) };
    }

    /// <summary>Reads a recipe from text.</summary>
    /// <param name="text">YAML.</param>
    /// <param name="name">Its name in error messages.</param>
    /// <param name="settings">Overrides of the form <c>a.b=c</c>, applied in order after the values of the text.</param>
    /// <returns>The recipe, with the defaults of its stage for keys that are not given.</returns>
    /// <exception cref="UsageException">The recipe is invalid: the message names line and key, and what to write.</exception>
    public static Recipe Parse(string text, string name, IReadOnlyList<string>? settings = null) => Parse(text, name, settings, null);

    /// <summary>Writes a recipe as YAML: every key with its value, in a stable order. Reading it gives the same recipe.</summary>
    /// <param name="recipe">The recipe.</param>
    public static string Write(Recipe recipe)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        return RecordWriter.Write(recipe);
    }

    /// <summary>Gets the value of every key path of a recipe as text, in the order of <see cref="Write"/>; a list is one value.</summary>
    /// <param name="recipe">The recipe.</param>
    public static IReadOnlyDictionary<string, string> Flatten(Recipe recipe)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        var values = new OrderedDictionary<string, string>();
        RecordWriter.Flatten(recipe, "", values);
        return values;
    }

    /// <summary>Finds the file of a recipe.</summary>
    /// <param name="nameOrFile">The file, or <c>scale/name</c> of a recipe in the <c>recipes</c> folder.</param>
    /// <returns>The path of the file.</returns>
    /// <exception cref="UsageException">The recipe does not exist; in a checkout, the message lists the known ones.</exception>
    public static string Find(string nameOrFile)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(nameOrFile);
        if (File.Exists(nameOrFile))
            return nameOrFile;
        if (RecipesFolder is { } folder)
        {
            var known = Path.Combine(folder, nameOrFile + ".yaml");
            if (File.Exists(known))
                return known;
            var names = Names(folder);
            throw new UsageException($"{nameOrFile}: no such recipe{NearestName.Suggest(nameOrFile, names)} Give a file, or one of: {string.Join(", ", names)}");
        }

        throw new UsageException($"{nameOrFile}: no such recipe file");
    }

    /// <summary>Gets the <c>recipes</c> folder of the checkout; null if the program runs outside of one.</summary>
    public static string? RecipesFolder =>
        KnownFolders.Checkout is { } checkout && Directory.Exists(Path.Combine(checkout, "recipes")) ? Path.Combine(checkout, "recipes") : null;

    /// <summary>Lists all recipes of a folder as <c>scale/name</c>, sorted.</summary>
    /// <param name="folder">The folder, which is searched with its subfolders.</param>
    public static IReadOnlyList<string> Names(string folder) =>
        [.. Directory.EnumerateFiles(folder, "*.yaml", SearchOption.AllDirectories)
            .Select(f => Path.ChangeExtension(Path.GetRelativePath(folder, f), null).Replace('\\', '/'))
            .Order(StringComparer.Ordinal)];

    private static Recipe Parse(string text, string name, IReadOnlyList<string>? settings, Func<string, string>? resolvePath)
    {
        var mapping = ReadTree(text, name, []);
        foreach (var setting in settings ?? [])
            RecipeOverrides.Apply(mapping, setting);
        return (Recipe)new RecordBinder(resolvePath).Bind(mapping, Recipe.Defaults(StageOf(mapping)));
    }

    /// <summary>Reads the keys of a recipe, merged over those of the recipe that it extends.</summary>
    /// <param name="text">YAML.</param>
    /// <param name="name">Its name in error messages; the file, if it was read from one.</param>
    /// <param name="above">The files that extend this one, outermost first.</param>
    private static RecipeMapping ReadTree(string text, string name, string[] above)
    {
        var root = RecipeTreeReader.Read(text, line => $"{name}:{line}");
        if (root is RecipeScalar { IsNull: true })
            root = new RecipeMapping($"{name}:1", []);
        if (root is not RecipeMapping mapping)
            throw new UsageException($"{root.Origin}: a recipe is a set of keys, as in 'stage: sft'");
        if (mapping.Find(Extends) is not { } extends)
            return mapping;
        mapping.Entries.Remove(extends);
        if (extends.Value is not RecipeScalar { IsNull: false, Text: var given })
            throw new UsageException($"{extends.Origin}: {Extends}: expected the name of another recipe");
        var beside = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(name)) ?? "", given + ".yaml");
        var path = Path.GetFullPath(File.Exists(beside) ? beside : Find(given));
        string[] chain = [.. above, Path.GetFullPath(name)];
        if (chain.Contains(path))
            throw new UsageException($"{extends.Origin}: {Extends}: '{given}' extends this recipe in turn; one of them must stand by itself");
        var below = ReadTree(ReadText(path), path, chain);
        // Name and title are not inherited.
        below.Entries.RemoveAll(entry => entry.Key is "name" or "title");
        return mapping.Over(below);
    }

    /// <summary>Gets the stage, which determines the defaults and so is read first. If it is missing or invalid, the binder reports it.</summary>
    private static RecipeStage StageOf(RecipeMapping root) =>
        root.Find("stage")?.Value is RecipeScalar scalar && RecipeKeys.EnumTexts(typeof(RecipeStage)).FirstOrDefault(t => t.Text == scalar.Text).Value is RecipeStage stage
            ? stage
            : RecipeStage.Sft;

    private static string ReadText(string path)
    {
        if (FileSize.Of(path) > 1 << 22)
            throw new UsageException($"{path}: larger than any recipe");
        try
        {
            return s_utf8.GetString(File.ReadAllBytes(path)).TrimStart('\uFEFF');
        }
        catch (ArgumentException e)
        {
            throw new UsageException($"{path}: not UTF-8 text ({e.Message}); save the recipe as UTF-8", e);
        }
    }

    /// <summary>Resolves a file or folder that exists (in the working folder, beside the recipe or in the checkout) to its full path; other text is kept as a name.</summary>
    private static string ResolvePath(string text, string recipeFolder)
    {
        if (!text.Contains('/', StringComparison.Ordinal) && !Path.HasExtension(text))
            return text;
        string?[] folders = [Environment.CurrentDirectory, recipeFolder, KnownFolders.Checkout];
        return folders.OfType<string>().Select(f => Path.GetFullPath(text, f)).FirstOrDefault(p => File.Exists(p) || Directory.Exists(p)) ?? text;
    }
}
