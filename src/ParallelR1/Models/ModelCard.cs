using System.Text;
using ParallelR1.IO;

namespace ParallelR1.Models;

/// <summary>The README.md of a model folder, as model hubs display it: what the model was made from, and how.</summary>
/// <param name="Title">The heading.</param>
internal sealed record ModelCard(string Title)
{
    /// <summary>A description of one or two sentences.</summary>
    public string? Description { get; init; }

    /// <summary>The base model.</summary>
    public string? BaseModel { get; init; }

    /// <summary>The training data.</summary>
    public IReadOnlyList<string> Data { get; init; } = [];

    /// <summary>The recipe that produced it: a name, or the resolved YAML.</summary>
    public string? Recipe { get; init; }

    /// <summary>The licence, preferably an SPDX name; models derived from a base model keep its licence.</summary>
    public string? Licence { get; init; }

    /// <summary>Writes <c>README.md</c> into an existing folder.</summary>
    public static void Write(string folder, ModelCard card)
    {
        ArgumentNullException.ThrowIfNull(card);
        AtomicFile.WriteText(Path.Combine(folder, "README.md"), card.Text());
    }

    private string Text()
    {
        var text = new StringBuilder("---\nlibrary_name: transformers\npipeline_tag: text-generation\n");
        if (Licence is not null)
            text.Append($"license: {Quoted(Licence.ToLowerInvariant())}\n");
        if (BaseModel is not null)
            text.Append($"base_model: {Quoted(BaseModel)}\n");
        text.Append($"---\n\n# {OneLine(Title)}\n");
        Section(text, null, Description);
        Section(text, "Base", BaseModel ?? "Trained from fresh weights.");
        Section(text, "Data", Data.Count == 0 ? "None." : string.Join('\n', Data.Select(d => $"- {OneLine(d)}")));
        var recipe = Recipe is { } given && given.Contains('\n', StringComparison.Ordinal) ? $"```yaml\n{given.TrimEnd()}\n```" : Recipe;
        Section(text, "Recipe", recipe);
        Section(text, "Licence", Licence ?? "Not stated; the licences of the base model and of the data hold.");
        return text.ToString();
    }

    private static void Section(StringBuilder text, string? heading, string? body)
    {
        if (body is null)
            return;
        if (heading is not null)
            text.Append($"\n## {heading}\n");
        text.Append($"\n{body.TrimEnd()}\n");
    }

    private static string OneLine(string text) => text.ReplaceLineEndings(" ");

    private static string Quoted(string text) =>
        $"\"{OneLine(text).Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
