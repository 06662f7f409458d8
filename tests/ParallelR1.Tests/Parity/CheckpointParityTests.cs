using ParallelR1.Models;

namespace ParallelR1.Tests.Parity;

public class CheckpointParityTests
{
    [Fact]
    public void EveryModelFolderOfTheFixturesLoads()
    {
        foreach (var folder in Directory.GetDirectories(Fixtures.Folder("decoder")).Select(d => Path.Combine(d, "model")))
        {
            var config = ModelConfig.Load(folder);
            using var reader = CheckpointReader.Open(folder);
            reader.CheckAgainst(config);
            Assert.Equal(config.Tensors().Select(t => t.Key).Order(StringComparer.Ordinal), reader.Tensors.Select(t => t.Name).Order(StringComparer.Ordinal));
        }
    }
}
