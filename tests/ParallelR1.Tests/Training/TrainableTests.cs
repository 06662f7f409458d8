using ParallelR1.Models;
using ParallelR1.Tests.Generation;
using ParallelR1.Thinking;
using ParallelR1.Torch;
using ParallelR1.Training;
using ParallelR1.Training.Optimization;

namespace ParallelR1.Tests.Training;

/// <summary>A step with only a part of the parameters trainable.</summary>
public sealed class TrainableTests : IDisposable
{
    private static readonly TrainingExample[] s_batch = [new([8, 9, 10, 11, 12], 2), new([8, 13, 14, 15], 1)];
    private readonly Decoder _decoder = RandomDecoder.Create(40);

    public void Dispose() => _decoder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_step_changes_what_is_trainable_and_nothing_else(bool recompute)
    {
        var before = Values();

        Step(IsProjectionOfLayer1, recompute);

        var changed = Values().Where(p => !p.Value.SequenceEqual(before[p.Key])).Select(p => p.Key);
        Assert.Equal(_decoder.Parameters.Keys.Where(IsProjectionOfLayer1), changed);
    }

    [Fact]
    public void The_optimizer_holds_state_for_what_is_trainable_alone()
    {
        _decoder.SetTrainable(IsProjectionOfLayer1);
        using var optimizer = new AdamW(_decoder.Trainable, new OptimizerOptions());

        Assert.Equal(2 * _decoder.Trainable.Count, optimizer.State().Count());
        Assert.All(optimizer.State(), p => Assert.Contains("model.layers.1.", p.Key, StringComparison.Ordinal));
    }

    [Fact]
    public void Gradients_of_a_part_are_those_that_it_has_in_the_whole()
    {
        var part = GradNorm(IsProjectionOfLayer1);

        _decoder.SetTrainable();
        using var scope = new TensorScope();
        using var pass = Pass();
        var squares = _decoder.Parameters.Where(p => IsProjectionOfLayer1(p.Key)).Sum(p => p.Value.Grad!.ToArray<float>().Sum(x => (double)x * x));

        Assert.Equal(Math.Sqrt(squares), part, 1e-6 * part);
    }

    [Fact]
    public void The_head_alone_can_be_trained() => Assert.True(GradNorm(name => name == "lm_head.weight") > 0);

    private static bool IsProjectionOfLayer1(string name) => name.StartsWith("model.layers.1.", StringComparison.Ordinal) && name.Contains("_proj", StringComparison.Ordinal);

    private double GradNorm(Func<string, bool> which)
    {
        _decoder.SetTrainable(which);
        using var optimizer = new AdamW(_decoder.Trainable, new OptimizerOptions());
        using (Pass())
            return optimizer.Step(0).GradNorm;
    }

    private ForwardPass Pass()
    {
        using var packed = new PackedBatch(new TracePack([TraceRows.Plain(s_batch[0].Ids, 2)]), Device.Cpu);
        var pass = _decoder.Forward(packed);
        VocabularyHead.Backward(_decoder, pass, [1, 2, 3], [10, 11, 12], (logProbs, _, _, _) => logProbs.Sum() / -3);
        return pass;
    }

    private void Step(Func<string, bool> which, bool recompute)
    {
        _decoder.SetTrainable(which);
        using var optimizer = new AdamW(_decoder.Trainable, new OptimizerOptions());
        new SupervisedStep(_decoder, tags: null, Visibility.Unseen, 64, recompute).Run(s_batch, optimizer, 0.01);
    }

    private Dictionary<string, float[]> Values() => _decoder.Parameters.ToDictionary(p => p.Key, p => p.Value.Detach().ToArray<float>());
}
