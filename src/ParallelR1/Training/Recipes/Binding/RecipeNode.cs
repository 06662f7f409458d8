namespace ParallelR1.Training.Recipes.Binding;

/// <summary>A value of a recipe with the place it came from (<c>file:line</c> or <c>--set a.b=c</c>).</summary>
internal abstract record RecipeNode(string Origin);

/// <summary>A single value. <paramref name="Quoted"/> values are text and nothing else.</summary>
internal sealed record RecipeScalar(string Origin, string Text, bool Quoted) : RecipeNode(Origin)
{
    public bool IsNull => !Quoted && Text is "" or "~" or "null" or "Null" or "NULL";
}

/// <summary>Values in order.</summary>
internal sealed record RecipeSequence(string Origin, List<RecipeNode> Items) : RecipeNode(Origin);

/// <summary>Keys with their values, in the order of the file, and where each key stands.</summary>
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

    /// <summary>The keys of both: section by section this one's values, and the other's where this one says nothing.</summary>
    public RecipeMapping Over(RecipeMapping below)
    {
        var merged = new RecipeMapping(Origin, [.. below.Entries]);
        foreach (var (key, origin, value) in Entries)
            merged.Set(key, origin, value is RecipeMapping section && below.Find(key)?.Value is RecipeMapping other ? section.Over(other) : value);
        return merged;
    }
}

/// <summary>A key, where it stands, and its value.</summary>
internal sealed record RecipeEntry(string Key, string Origin, RecipeNode Value);
