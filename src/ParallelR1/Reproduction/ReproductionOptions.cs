using ParallelR1.Training;
using ParallelR1.Training.Recipes;

namespace ParallelR1.Reproduction;

/// <summary>Options of a reproduction: rows, seeds and recipes.</summary>
public sealed record ReproductionOptions
{
    private const int SeedsOfCore = 3;

    /// <summary>Gets the scale, which selects the recipes.</summary>
    public required RecipeScale Scale { get; init; }

    /// <summary>Gets the names of rows or groups of rows (<see cref="ReproductionRows"/>); the core if empty.</summary>
    public IReadOnlyList<string> Rows { get; init; } = [];

    /// <summary>Gets the number of seeds of each row, counted from 1; if null, three for the core at mini scale and one for all others.</summary>
    [Bounds(1, 1000)]
    public int? Seeds { get; init => field = Options.Checked(this, value); }

    /// <summary>Gets the overrides, <c>a.b=c</c>; overrides of a section apply to the recipes that have it.</summary>
    public IReadOnlyList<string> Settings { get; init; } = [];

    /// <summary>Gets the number of seeds of a row.</summary>
    public int SeedsOf(string row) => Seeds ?? (Scale == RecipeScale.Mini && ReproductionRows.Core.Contains(row) ? SeedsOfCore : 1);

    /// <summary>All rows with what they come after, seed after seed, so that a table is whole as early as possible.</summary>
    /// <exception cref="UsageException">A row does not exist, or a recipe is invalid.</exception>
    public IReadOnlyList<CurriculumRow> Plan()
    {
        var asked = ReproductionRows.Resolve(Scale, Rows);
        var rows = new List<CurriculumRow>();
        for (var seed = 1; seed <= asked.Max(SeedsOf); seed++)
        {
            var ends = asked.Where(row => SeedsOf(row) >= seed).Select(row => ReproductionRows.RecipeOf(Scale, row)).ToList();
            foreach (var row in Curriculum.Plan(ends, stage => [$"seed={seed}", .. Settings.Where(setting => Concerns(setting, stage))]))
            {
                rows.Add(row with
                {
                    Key = $"{row.Name}-seed{seed}",
                    After = row.After is null ? null : $"{row.After}-seed{seed}",
                    Measured = ends.Contains(row.RecipeName),
                });
            }
        }

        return rows;
    }

    /// <summary>The command that makes some rows of the scale.</summary>
    internal static string Command(RecipeScale scale, params string[] rows) => $"./parallel-r1 reproduce --scale {ReproductionRows.Lower(scale)} --rows {string.Join(',', rows)}";

    private static bool Concerns(string setting, RecipeStage stage) => setting.Split('.', '=')[0].Trim() switch
    {
        "sft" => stage == RecipeStage.Sft,
        "rl" or "reward" => stage == RecipeStage.Rl,
        "optimizer" => stage != RecipeStage.Eval,
        _ => true,
    };
}
