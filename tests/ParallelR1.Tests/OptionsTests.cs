using System.Reflection;
using System.Runtime.CompilerServices;
using ParallelR1.Evaluation;
using ParallelR1.Generation;
using ParallelR1.Rewards;
using ParallelR1.Training.Optimization;
using ParallelR1.Training.Policy;
using ParallelR1.Training.Recipes;

namespace ParallelR1.Tests;

/// <summary>Options are valid whoever makes them.</summary>
public sealed class OptionsTests
{
    private static readonly Dictionary<string, Func<object>> s_wrong = new()
    {
        ["GenerationOptions.Temperature: must be at least 0 and at most 1000, found -1"] = () => new GenerationOptions { Temperature = -1 },
        ["GenerationOptions.Paths: must be at least 1 and at most 256, found 0"] = () => new GenerationOptions { Paths = 0 },
        ["GenerationOptions.TopP: must be above 0 and at most 1, found NaN"] = () => new GenerationOptions() with { TopP = double.NaN },
        ["EvaluationSuite.Samples: must be at least 1 and at most 100000, found 0"] = () => new EvaluationSuite("s", []) { Samples = 0 },
        ["RewardSchedule.AccuracyFraction: must be at least 0 and at most 1, found 1.5"] = () => new RewardSchedule { AccuracyFraction = 1.5 },
        ["PolicyLossOptions.DualClip: must be at least 1, found 0.5"] = () => new PolicyLossOptions { DualClip = 0.5 },
        ["OptimizerOptions.LearningRate: must be above 0 and at most 10, found 0"] = () => new OptimizerOptions { LearningRate = 0 },
        ["RlRecipe.Steps: must be at least 1, found 0"] = () => new RlRecipe { Steps = 0 },
        ["SftRecipe.BatchSize: must be at least 1 and at most 1000000, found -3"] = () => new SftRecipe { BatchSize = -3 },
    };

    public static TheoryData<string> Wrong => [.. s_wrong.Keys];

    public static TheoryData<string> Numbers =>
        [.. OptionTypes().SelectMany(type => type.GetProperties()).Where(p => p.CanWrite && IsNumber(p)).Select(p => $"{p.DeclaringType!.FullName}:{p.Name}")];

    [Theory]
    [MemberData(nameof(Wrong))]
    public void A_value_out_of_bounds_is_an_error_where_it_is_set(string message) =>
        Assert.Equal(message, Assert.Throws<UsageException>(s_wrong[message]).Message);

    [Fact]
    public void A_null_is_within_every_bound() => Assert.Null(new PolicyLossOptions { DualClip = null }.DualClip);

    [Theory]
    [MemberData(nameof(Numbers))]
    public void Every_number_of_the_options_refuses_what_is_out_of_its_bounds(string name)
    {
        var property = typeof(GenerationOptions).Assembly.GetType(name.Split(':')[0])!.GetProperty(name.Split(':')[1])!;
        if (property.Name == "Seed" && property.GetCustomAttribute<BoundsAttribute>() is null)
            return;
        var bounds = property.GetCustomAttribute<BoundsAttribute>();
        Assert.True(bounds is not null, $"{name} has no [Bounds]");
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;

        var error = Assert.Throws<TargetInvocationException>(() =>
            property.SetValue(RuntimeHelpers.GetUninitializedObject(property.DeclaringType!), Convert.ChangeType(bounds.Minimum - 1, type, System.Globalization.CultureInfo.InvariantCulture)));
        Assert.IsType<UsageException>(error.InnerException);
    }

    [Fact]
    public void Values_that_do_not_go_together_are_refused_by_who_takes_them()
    {
        var options = new OptimizerOptions { WarmupSteps = 3, WarmupRatio = 0.1 };

        Assert.StartsWith("OptimizerOptions (warmup_steps): warm-up is given twice", Assert.Throws<UsageException>(() => new AdamW([], options)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_recipe_made_in_code_is_checked_as_one_from_a_file_is()
    {
        var defaults = Recipe.Defaults(RecipeStage.Rl);
        var recipe = defaults with
        {
            Name = "mine",
            Model = new ModelRecipe { From = "model" },
            Data = new DataRecipe { Train = "data.jsonl" },
            Rl = new RlRecipe { PromptsPerStep = 5, MiniBatches = 2 },
        };

        Assert.StartsWith("the recipe 'mine': rl.mini_batches: must divide prompts_per_step", Assert.Throws<UsageException>(recipe.Require).Message, StringComparison.Ordinal);
    }

    /// <summary>Cold starts and synthetic folders are checked by the work that takes them, in the words of their commands.</summary>
    private static IEnumerable<Type> OptionTypes() => typeof(GenerationOptions).Assembly.GetExportedTypes()
        .Where(type => type.IsClass && (type.Name.EndsWith("Options", StringComparison.Ordinal) || type.Name.EndsWith("Recipe", StringComparison.Ordinal)
            || type == typeof(EngineLimits) || type == typeof(RewardSchedule) || type == typeof(RewardTiers)))
        .Where(type => !type.Namespace!.EndsWith(".Synthetic", StringComparison.Ordinal) && type.Name is not ("TeacherOptions" or "ColdStartOptions" or "BpeTrainerOptions"));

    private static bool IsNumber(PropertyInfo property) =>
        (Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType) is var type && (type == typeof(int) || type == typeof(long) || type == typeof(double));
}
