using ParallelR1.Cli;

namespace ParallelR1.Tests.Cli;

public sealed class RunNameTests
{
    [Theory]
    [InlineData("models/smollm2", "smollm2")]
    [InlineData("models/smollm2/", "smollm2")]
    [InlineData("runs/small-sft/model", "small-sft")]
    [InlineData("runs/rl/checkpoints/step-40", "rl-step-40")]
    public void A_model_is_called_after_its_run(string folder, string expected) => Assert.Equal(expected, RunName.Of(folder));
}
