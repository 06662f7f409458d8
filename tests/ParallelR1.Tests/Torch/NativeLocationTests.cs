using ParallelR1.Torch;

namespace ParallelR1.Tests.Torch;

public sealed class NativeLocationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Outside_of_a_checkout_the_library_is_found_beside_the_program()
    {
        File.WriteAllText(_folder["libparallelr1.so"], "");

        Assert.Equal(_folder["libparallelr1.so"], NativeLocation.Find(null, _folder.FullPath));
    }

    [Fact]
    public void What_a_checkout_above_has_built_comes_first()
    {
        File.WriteAllText(_folder["libparallelr1.so"], "");
        Directory.CreateDirectory(_folder["native/build"]);
        File.WriteAllText(_folder["built.so"], "");
        File.WriteAllText(_folder["native/build/current"], $"{_folder["built.so"]}\n");

        Assert.Equal(_folder["built.so"], NativeLocation.Find("", _folder.FullPath));
    }

    [Fact]
    public void Where_it_is_nowhere_the_error_says_how_it_is_named()
    {
        var message = Assert.Throws<DllNotFoundException>(() => NativeLocation.Find(null, _folder.FullPath)).Message;

        Assert.Contains("set PARALLELR1_NATIVE to the path in its native/build/current", message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();
}
