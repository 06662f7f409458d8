namespace ParallelR1.Training.Recipes.Binding;

/// <summary>Marks a value that names a file or folder, or something known by name: relative paths are also looked for beside the recipe.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class PathOrNameAttribute : Attribute;
