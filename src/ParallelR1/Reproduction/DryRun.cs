using System.Text.Json.Nodes;
using ParallelR1.Generation;
using ParallelR1.Torch;
using ParallelR1.Training;
using ParallelR1.Training.Recipes;

namespace ParallelR1.Reproduction;

/// <summary>Estimates of the stages of a reproduction; reads and so checks every recipe. Neither models nor data are needed.</summary>
public sealed record DryRun
{
    /// <summary>Gets the stages in the order in which they run.</summary>
    public required IReadOnlyList<PlannedStage> Stages { get; init; }

    /// <summary>Gets the total estimated seconds.</summary>
    public double Seconds => Stages.Sum(stage => stage.Estimate.Seconds);

    /// <summary>Estimates the stages.</summary>
    /// <param name="options">Which rows.</param>
    /// <param name="speed">Speed of the types on the machine; null to use the speed measured here.</param>
    /// <exception cref="UsageException">A row or a recipe is invalid.</exception>
    public static DryRun Of(ReproductionOptions options, DtypeMeasurement? speed = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        speed ??= ComputeDevice.Dtype;
        var rows = options.Plan();
        return new DryRun { Stages = [.. rows.GroupBy(row => row.Name).Select(seeds => Estimate(rows, [.. seeds], speed))] };
    }

    /// <summary>Converts to JSON as <c>{"stages": [...]}</c>.</summary>
    public JsonObject ToJson() => new() { ["stages"] = new JsonArray([.. Stages.Select(stage => stage.ToJson())]) };

    private static PlannedStage Estimate(IReadOnlyList<CurriculumRow> rows, CurriculumRow[] seeds, DtypeMeasurement speed)
    {
        var row = seeds[0];
        var start = row;
        while (start.After is { } after)
            start = rows.First(r => r.Key == after);
        var bf16 = row.Recipe.Model.Dtype == DtypeChoice.Auto ? speed.Auto == ScalarType.BFloat16 : row.Recipe.Model.Dtype == DtypeChoice.Bf16;
        var estimate = StageEstimate.Of(row.Recipe, KnownShapes.Of(start.Recipe), bf16 ? speed.Bf16Gflops : speed.F32Gflops, bf16, row.Measured);
        return new PlannedStage(row.Name, ReproductionRows.Lower(row.Recipe.Scale), rows.FirstOrDefault(r => r.Key == row.After)?.Name, seeds.Length, estimate with
        {
            Tokens = estimate.Tokens * seeds.Length,
            Operations = estimate.Operations * seeds.Length,
            Seconds = estimate.Seconds * seeds.Length,
        });
    }
}

/// <summary>A planned stage.</summary>
/// <param name="Name">The row.</param>
/// <param name="Scale">Its scale.</param>
/// <param name="After">The row that it starts from; null: none.</param>
/// <param name="Seeds">Number of seeds.</param>
/// <param name="Estimate">Estimate for all seeds together; memory is that of one seed.</param>
public sealed record PlannedStage(string Name, string Scale, string? After, int Seeds, StageEstimate Estimate)
{
    internal JsonObject ToJson() => new()
    {
        ["name"] = Name,
        ["scale"] = Scale,
        ["after"] = After,
        ["seeds"] = Seeds,
        ["tokens"] = Estimate.Tokens,
        ["operations"] = Estimate.Operations,
        ["seconds"] = Math.Round(Estimate.Seconds, 1),
        ["memory_bytes"] = Estimate.MemoryBytes,
    };
}
