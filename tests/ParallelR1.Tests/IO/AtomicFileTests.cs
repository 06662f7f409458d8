using System.Diagnostics;
using System.IO.Pipes;
using System.Runtime.Versioning;
using ParallelR1.IO;

namespace ParallelR1.Tests.IO;

/// <summary>Pipes, devices and links are made in a folder of the test's own; no device of the machine is named.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class AtomicFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData("link")]
    [InlineData("link-of-link")]
    [InlineData("linked-folder/up-and-down")]
    public void A_link_is_followed_and_stays_a_link(string name)
    {
        Directory.CreateDirectory(_folder["a/b"]);
        Directory.CreateDirectory(_folder["c"]);
        File.WriteAllText(_folder["c/file"], "before");
        File.CreateSymbolicLink(_folder["link"], "c/file");
        File.CreateSymbolicLink(_folder["link-of-link"], _folder["link"]);
        Directory.CreateSymbolicLink(_folder["linked-folder"], "a/b");
        File.CreateSymbolicLink(_folder["a/b/up-and-down"], "../../c/file");

        AtomicFile.WriteText(_folder[name], "after");

        Assert.NotNull(new FileInfo(_folder[name]).LinkTarget);
        Assert.Equal("after", File.ReadAllText(_folder["c/file"]));
        Assert.Equal([_folder["c/file"]], Directory.GetFiles(_folder["c"]));
    }

    [Fact]
    public void A_link_to_a_file_that_is_not_there_yet_makes_it()
    {
        File.CreateSymbolicLink(_folder["link"], "file");

        AtomicFile.WriteText(_folder["link"], "new");

        Assert.Equal("file", new FileInfo(_folder["link"]).LinkTarget);
        Assert.Equal("new", File.ReadAllText(_folder["file"]));
    }

    [Fact]
    public void Links_in_a_circle_and_links_to_folders_are_errors()
    {
        File.CreateSymbolicLink(_folder["a"], "b");
        File.CreateSymbolicLink(_folder["b"], "a");
        Directory.CreateDirectory(_folder["folder"]);
        File.CreateSymbolicLink(_folder["c"], "folder");

        Assert.Contains("circle", Assert.Throws<UsageException>(() => AtomicFile.Open(_folder["a"])).Message, StringComparison.Ordinal);
        Assert.Contains("is a folder", Assert.Throws<UsageException>(() => AtomicFile.Open(_folder["c"])).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("pipe")]
    [InlineData("link")]
    public async Task A_pipe_is_written_through_and_stays_a_pipe(string name)
    {
        Run("mkfifo", _folder["pipe"]);
        File.CreateSymbolicLink(_folder["link"], "pipe");
        var reading = Task.Run(() => File.ReadAllText(_folder["pipe"]));

        AtomicFile.WriteText(_folder[name], "through");

        Assert.Equal("through", await reading);
        Assert.Equal(FileKind.Special, FileNode.KindOf(_folder["pipe"]));
        Assert.DoesNotContain(Directory.GetFiles(_folder.FullPath), file => file.EndsWith(".partial", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_is_passed_on_is_in_the_pipe_before_the_end()
    {
        Run("mkfifo", _folder["pipe"]);
        var reading = Task.Run(() => new FileStream(_folder["pipe"], FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 1));
        using var pending = AtomicFile.Open(_folder["pipe"]);
        using var reader = await reading;

        pending.Stream.WriteByte(7);
        pending.Pass();

        Assert.Equal(7, reader.ReadByte());
    }

    [Fact]
    public void A_device_is_written_through_and_stays_a_device()
    {
        // Takes everything and forgets it, as the one of that name does.
        Assert.SkipUnless(TryRun("mknod", _folder["nothing"], "c", "1", "3") && CanOpen(_folder["nothing"]), "devices cannot be made here");

        AtomicFile.WriteText(_folder["nothing"], "gone");

        Assert.Equal(FileKind.Special, FileNode.KindOf(_folder["nothing"]));
        Assert.Equal("", File.ReadAllText(_folder["nothing"]));
        Assert.Throws<UsageException>(() => AtomicFile.TargetOf(_folder["nothing"]));
    }

    [Fact]
    public void A_link_to_an_open_file_of_the_process_is_written_where_that_stands()
    {
        using var pipe = new AnonymousPipeServerStream(PipeDirection.In);
        File.CreateSymbolicLink(_folder["link"], $"/proc/self/fd/{pipe.ClientSafePipeHandle.DangerousGetHandle()}");

        AtomicFile.WriteText(_folder["link"], "x");

        Assert.Equal('x', pipe.ReadByte());
        Assert.NotNull(new FileInfo(_folder["link"]).LinkTarget);
        // It was lent, not given: it can be written again.
        AtomicFile.WriteText(_folder["link"], "y");
        Assert.Equal('y', pipe.ReadByte());
    }

    [Fact]
    public void A_file_that_is_replaced_keeps_its_mode()
    {
        File.WriteAllText(_folder["secret"], "before");
        File.SetUnixFileMode(_folder["secret"], UnixFileMode.UserRead | UnixFileMode.UserWrite);

        AtomicFile.WriteText(_folder["secret"], "after");

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_folder["secret"]));
    }

    [Fact]
    public void Nothing_appears_without_a_commit()
    {
        using (var pending = AtomicFile.Open(_folder["file"]))
            pending.Stream.WriteByte(1);

        Assert.Empty(Directory.GetFiles(_folder.FullPath));
    }

    public void Dispose() => _folder.Dispose();

    private static void Run(string program, params string[] arguments) => Assert.True(TryRun(program, arguments));

    private static bool TryRun(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }

    private static bool CanOpen(string path)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Write);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
