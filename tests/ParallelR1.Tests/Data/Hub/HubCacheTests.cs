using ParallelR1.Data.Hub;

namespace ParallelR1.Tests.Data.Hub;

/// <summary>Pulling from a cache as the Hugging Face libraries keep it: snapshots of links to blobs.</summary>
public sealed class HubCacheTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public HubCacheTests()
    {
        Snapshot("abc", "first, longer than a link's own text");
        Snapshot("def", "second, also longer than a link's own text");
        Directory.CreateDirectory(_folder["models--a--b/refs"]);
        File.WriteAllText(_folder["models--a--b/refs/main"], "def\n");
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("main", "second")]
    [InlineData("abc", "first")]
    public async Task A_snapshot_is_found_by_its_branch_and_by_its_commit(string revision, string content) =>
        Assert.StartsWith(content, File.ReadAllText(Assert.Single(await PullAsync(_folder.FullPath, revision))), StringComparison.Ordinal);

    [Theory]
    [InlineData("models--a--b")]
    [InlineData("")]
    public async Task The_cache_or_the_repository_in_it_may_be_named(string from) =>
        Assert.Single(await PullAsync(_folder[from], "main"));

    [Fact]
    public async Task The_size_is_that_of_the_links_target()
    {
        using var client = Client(_folder.FullPath);
        var file = Assert.Single(await client.ListAsync(HubKind.Model, "a/b", "main", default));
        Assert.Equal(File.ReadAllText(_folder["models--a--b/blobs/def"]).Length, file.Size);
    }

    [Fact]
    public async Task The_only_snapshot_is_the_main_one_where_nothing_names_it()
    {
        Directory.Delete(_folder["models--a--b/refs"], recursive: true);
        Directory.Delete(_folder["models--a--b/snapshots/def"], recursive: true);
        Assert.Single(await PullAsync(_folder.FullPath, "main"));
    }

    [Theory]
    [InlineData("other")]
    [InlineData("..")]
    public async Task A_revision_that_is_not_there_is_named_with_those_that_are(string revision)
    {
        var error = await Assert.ThrowsAsync<HubException>(() => PullAsync(_folder.FullPath, revision));
        Assert.Contains("it has abc, def", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_link_without_its_blob_is_called_one()
    {
        File.Delete(_folder["models--a--b/blobs/def"]);
        var error = await Assert.ThrowsAsync<UsageException>(() => PullAsync(_folder.FullPath, "main"));
        Assert.Contains("is a symbolic link to", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_git_lfs_pointer_is_not_copied_as_a_model()
    {
        File.WriteAllText(_folder["models--a--b/blobs/def"], "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 3087467144\n");
        var error = await Assert.ThrowsAsync<InputException>(() => PullAsync(_folder.FullPath, "main"));
        Assert.Contains("is a Git LFS pointer", error.Message, StringComparison.Ordinal);
    }

    private void Snapshot(string commit, string content)
    {
        Directory.CreateDirectory(_folder["models--a--b/blobs"]);
        Directory.CreateDirectory(_folder[$"models--a--b/snapshots/{commit}"]);
        File.WriteAllText(_folder[$"models--a--b/blobs/{commit}"], content);
        File.CreateSymbolicLink(_folder[$"models--a--b/snapshots/{commit}/model.safetensors"], $"../../blobs/{commit}");
    }

    private async Task<IReadOnlyList<string>> PullAsync(string from, string revision)
    {
        using var client = Client(from);
        return await SetDownload.ModelAsync(client, "a/b", revision, _folder["out"], [], null, default);
    }

    private static HubClient Client(string from) => new(new HubOptions { Endpoint = from });
}
