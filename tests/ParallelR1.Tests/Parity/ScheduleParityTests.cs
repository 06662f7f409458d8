using System.Text.Json.Nodes;
using ParallelR1.Training.Recipes.Binding;
using ParallelR1.Training.Schedules;

namespace ParallelR1.Tests.Parity;

public sealed class ScheduleParityTests
{
    [Fact]
    public void Learning_rates_agree_with_the_reference_at_every_step()
    {
        var cases = JsonNode.Parse(File.ReadAllText(Path.Combine(Fixtures.Folder("optim"), "schedules.json")))!.AsArray();
        Assert.NotEmpty(cases);
        foreach (var item in cases)
        {
            var id = (string)item!["id"]!;
            var schedule = Read(item.AsObject());
            var rates = item["lr"]!.AsArray();
            for (var k = 0; k < rates.Count; k++)
            {
                var (expected, found) = ((double)rates[k]!, schedule.Rate(k));
                Assert.True(Math.Abs(expected - found) <= 1e-12 * (double)item["base_lr"]!, $"{id}, step {k}: expected {expected:R}, found {found:R}");
            }

            Assert.InRange(schedule.Rate(rates.Count + 100), 0, (double)item["base_lr"]!);
        }
    }

    private static LearningRateSchedule Read(JsonObject item) => new((double)item["base_lr"]!, (int)item["total_steps"]!)
    {
        Kind = Enum<ScheduleKind>((string)item["schedule"]!),
        WarmupSteps = (int)item["warmup_steps"]!,
        MinRatio = (double?)item["min_lr_ratio"] ?? 0,
        StableRatio = (double?)item["stable_ratio"] ?? 0,
        StableSteps = (int?)item["stable_steps"] ?? 0,
        DecaySteps = (int?)item["decay_steps"] ?? 0,
        DecayShape = Enum<DecayShape>((string?)item["decay_type"] ?? "cosine"),
    };

    private static T Enum<T>(string text)
        where T : struct => (T)RecipeKeys.EnumTexts(typeof(T)).First(t => t.Text == text).Value;
}
