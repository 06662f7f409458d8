using ParallelR1.IO;
using ParallelR1.Models;
using ParallelR1.Training;

namespace ParallelR1.Tests.Training;

public sealed class KnownShapesTests
{
    [Fact]
    public void The_mini_shape_is_that_of_the_bundled_base() =>
        Assert.Equal(Tensors(ModelConfig.Load(Path.Combine(KnownFolders.Checkout!, "assets", "mini-base"))), Tensors(KnownShapes.Mini));

    private static IEnumerable<string> Tensors(ModelConfig config) => config.Tensors().Select(t => $"{t.Key} [{string.Join(", ", t.Value)}]");
}
