namespace ParallelR1.Training.Recipes.Binding;

/// <summary>A node of a recipe's tree, with its origin (<c>file:line</c> or <c>--set a.b=c</c>).</summary>
internal abstract record RecipeNode(string Origin);

/// <summary>A single value. If <paramref name="Quoted"/>, it is always text.</summary>
internal sealed record RecipeScalar(string Origin, string Text, bool Quoted) : RecipeNode(Origin)
{
    public bool IsNull => !Quoted && Text is "" or "~" or "null" or "Null" or "NULL";
}

/// <summary>A list of values.</summary>
internal sealed record RecipeSequence(string Origin, List<RecipeNode> Items) : RecipeNode(Origin);

/// <summary>Keys with their values and origins, in the order of the file.</summary>
internal sealed record RecipeMapping(string Origin, List<RecipeEntry> Entries) : RecipeNode(Origin)
{
    public RecipeEntry? Find(string key) => Entries.FirstOrDefault(e => e.Key == key);

    public void Set(string key, string origin, RecipeNode value)
    {
        var index = Entries.FindIndex(e => e.Key == key);
        if (index < 0)
            Entries.Add(new RecipeEntry(key, origin, value));
        else
            Entries[index] = new RecipeEntry(key, origin, value);
    }

    /// <summary>Merges two mappings, section by section: where both have a key, this one's value takes precedence.</summary>
    public RecipeMapping Over(RecipeMapping below)
    {
        var merged = new RecipeMapping(Origin, [.. below.Entries]);
        foreach (var (key, origin, value) in Entries)
            merged.Set(key, origin, value is RecipeMapping section && below.Find(key)?.Value is RecipeMapping other ? section.Over(other) : value);
        return merged;
    }
}

/// <summary>A key with its origin and value.</summary>
internal sealed record RecipeEntry(string Key, string Origin, RecipeNode Value);
