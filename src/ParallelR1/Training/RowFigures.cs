using System.Text.Json;
using ParallelR1.Evaluation;
using ParallelR1.IO;

namespace ParallelR1.Training;

/// <summary>What a finished row leaves behind: how it was made, and its figures problem by problem, so that rows of several runs can be put side by side.</summary>
public sealed record RowFigures
{
    private static readonly JsonSerializerOptions s_json = new(JsonLines.Options) { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>The row.</summary>
    public required string Name { get; init; }

    /// <summary>The recipe that made the model, or by which it was measured.</summary>
    public required string Recipe { get; init; }

    /// <summary>Its scale.</summary>
    public required string Scale { get; init; }

    /// <summary>Of training and evaluation.</summary>
    public required long Seed { get; init; }

    /// <summary>Identifies recipe and starting model by their contents: equal ones need not be made again.</summary>
    public required string Contents { get; init; }

    /// <summary>Which grader said what is correct.</summary>
    public required string Grader { get; init; }

    /// <summary>The type that was computed in.</summary>
    public required string Dtype { get; init; }

    /// <summary>The processor.</summary>
    public required string Processor { get; init; }

    /// <summary>Response tokens on the critical path that were allowed; null: no limit of their own.</summary>
    public int? Cap { get; init; }

    /// <summary>Seconds of training; null: nothing was trained.</summary>
    public double? TrainSeconds { get; init; }

    /// <summary>What came of each suite.</summary>
    public required IReadOnlyList<SuiteResult> Suites { get; init; }

    /// <summary>The row of a table.</summary>
    public SummaryRow ToSummary() => SummaryRow.Create(Name, Recipe, Scale, Grader, [(Seed, Suites)]) with { Cap = Cap, Dtype = Dtype, Processor = Processor };

    /// <summary>Writes the file, whole or not at all.</summary>
    public void Write(string path) => AtomicFile.WriteText(path, JsonSerializer.Serialize(this, s_json) + "\n");

    /// <summary>Reads such a file.</summary>
    /// <exception cref="InputException">It is damaged.</exception>
    public static RowFigures Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<RowFigures>(File.ReadAllText(path), s_json) ?? throw new JsonException("it is null");
        }
        catch (JsonException e)
        {
            throw new InputException($"{path}: not the figures of a row ({e.Message}); remove it, and the row is measured again", e);
        }
    }
}
