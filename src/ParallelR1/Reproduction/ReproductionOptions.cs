using ParallelR1.Training;
using ParallelR1.Training.Recipes;

namespace ParallelR1.Reproduction;

/// <summary>Which rows are made, how often, and by which recipes.</summary>
public sealed record ReproductionOptions
{
    private const int SeedsOfCore = 3;

    /// <summary>The scale, whose recipes are taken.</summary>
    public required RecipeScale Scale { get; init; }

    /// <summary>Names of rows or groups of them (<see cref="ReproductionRows"/>); none: the core.</summary>
    public IReadOnlyList<string> Rows { get; init; } = [];

    /// <summary>Seeds of each row, from 1; null: three for the core at mini scale, one for all else.</summary>
    [Bounds(1, 1000)]
    public int? Seeds { get; init => field = Options.Checked(this, value); }

    /// <summary>Overrides, <c>a.b=c</c>; those of a section go to the recipes that have it.</summary>
    public IReadOnlyList<string> Settings { get; init; } = [];

    /// <summary>How often a row is made.</summary>
    public int SeedsOf(string row) => Seeds ?? (Scale == RecipeScale.Mini && ReproductionRows.Core.Contains(row) ? SeedsOfCore : 1);

    /// <summary>All rows with what they come after, seed after seed, so that a table is whole as early as possible.</summary>
    /// <exception cref="UsageException">There is no such row, or a recipe is wrong.</exception>
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
