using ParallelR1.Training.Recipes;

namespace ParallelR1.Reproduction;

/// <summary>The rows of the table: the published ones, their ablations, and what is added here. Each is a recipe of that name at every scale.</summary>
public static class ReproductionRows
{
    private const string BundledBase = "base-bundled";

    /// <summary>Gets the rows of the table published by the Parallel-R1 paper, the mid-training scaffold and its control.</summary>
    public static IReadOnlyList<string> Core { get; } =
        ["base", "sft-seen", "sft-unseen", "grpo", "grpo-after-easy-rl", "seen", "unseen-s1", "unseen-s2", "mid-training", "control"];

    /// <summary>Gets the published ablations.</summary>
    public static IReadOnlyList<string> Ablations { get; } =
    [
        "ablation-seen-no-easy-rl", "ablation-seen-no-prompt", "ablation-s1-after-easy-rl", "ablation-parallel-only", "ablation-alternation-5-of-10",
        "ablation-alternation-16-of-20", "ablation-skip-sft",
    ];

    /// <summary>Gets the rows that were not published.</summary>
    public static IReadOnlyList<string> Ours { get; } = ["ours-numbered", "ours-3-paths", "ours-4-paths", "ours-credit-by-part"];

    /// <summary>Gets all rows, in the order of the table.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Core, .. Ablations, .. Ours];

    /// <summary>Rows by name, and groups of them by theirs, each once and in the order of the table; rows that are in no group come last.</summary>
    /// <param name="scale">The scale.</param>
    /// <param name="given">Names of rows, or <c>core</c>, <c>ablations</c>, <c>ours</c>; none: the core.</param>
    /// <exception cref="UsageException">A row does not exist at this scale.</exception>
    public static IReadOnlyList<string> Resolve(RecipeScale scale, IReadOnlyList<string> given)
    {
        ArgumentNullException.ThrowIfNull(given);
        var names = (given.Count > 0 ? given : ["core"]).SelectMany(name => Group(name) ?? [name]).Distinct().ToList();
        foreach (var name in names)
        {
            if (!Known(scale).Contains(name))
                throw new UsageException($"--rows: '{name}' is no row of the scale '{Lower(scale)}'{NearestName.Suggest(name, [.. Known(scale), "core", "ablations", "ours"])} There are core, ablations, ours, and: {string.Join(", ", Known(scale))}");
        }

        return [.. InOrder(names)];
    }

    /// <summary>Gets the recipe of a row. The base of the mini scale is bundled: it is only evaluated, not trained again.</summary>
    public static string RecipeOf(RecipeScale scale, string row) =>
        $"{Lower(scale)}/{(scale == RecipeScale.Mini && row == "base" ? BundledBase : row)}";

    /// <summary>Names in the order of the table, others behind them.</summary>
    internal static IEnumerable<string> InOrder(IEnumerable<string> names)
    {
        var all = names.Distinct().ToList();
        return All.Where(all.Contains).Concat(all.Where(name => !All.Contains(name)));
    }

    internal static string Lower(RecipeScale scale) => scale.ToString().ToLowerInvariant();

    private static IReadOnlyList<string>? Group(string name) => name switch
    {
        "core" => Core,
        "ablations" => Ablations,
        "ours" => Ours,
        _ => null,
    };

    private static List<string> Known(RecipeScale scale) =>
        RecipeFile.RecipesFolder is { } folder
            ? [.. InOrder(RecipeFile.Names(folder).Where(name => name.StartsWith($"{Lower(scale)}/", StringComparison.Ordinal)).Select(name => name[(Lower(scale).Length + 1)..]).Where(name => name != BundledBase))]
            : throw new UsageException("there is no checkout around this program, and the recipes of the rows are in its recipes folder; run it from there");
}
