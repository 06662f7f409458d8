namespace ParallelR1.Training.Recipes.Binding;

/// <summary>Applies <c>--set a.b=c</c>: replaces or adds one value of the tree before it is bound.</summary>
internal static class RecipeOverrides
{
    public static void Apply(RecipeMapping root, string setting)
    {
        var equals = setting.IndexOf('=', StringComparison.Ordinal);
        var path = equals > 0 ? setting[..equals].Trim() : "";
        if (path.Length == 0 || path.Split('.').Any(string.IsNullOrWhiteSpace))
            throw new UsageException($"--set {setting}: expected KEY=VALUE, as in --set rl.steps=100");
        var origin = $"--set {setting}";
        var value = RecipeTreeReader.Read(setting[(equals + 1)..], _ => origin);

        var parts = path.Split('.');
        var node = root;
        foreach (var part in parts[..^1])
        {
            if (node.Find(part)?.Value is not RecipeMapping next)
            {
                if (node.Find(part)?.Value is { } other and not RecipeScalar { IsNull: true })
                    throw new UsageException($"{origin}: '{part}' is not a section of the recipe ({other.Origin})");
                next = new RecipeMapping(origin, []);
                node.Set(part, origin, next);
            }

            node = next;
        }

        node.Set(parts[^1], origin, value);
    }
}
