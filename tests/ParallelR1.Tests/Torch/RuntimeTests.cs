using ParallelR1.Torch;

namespace ParallelR1.Tests.Torch;

public sealed class RuntimeTests
{
    [Fact]
    public void Null_references_are_exceptions_also_after_libtorch_is_loaded()
    {
        Assert.NotEmpty(Runtime.Version);

        string?[] texts = [null];
        Assert.Throws<NullReferenceException>(() => texts[0]!.Length);
    }
}
