using System.Globalization;
using Microsoft.AspNetCore.Http;
using ParallelR1.Data.Hub;

namespace ParallelR1.Tests.Data.Hub;

public class HubClientTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task Small_and_large_files_arrive_whole_through_pages_and_redirects()
    {
        await using var hub = await TestHub.StartAsync();
        using var folder = new TemporaryFolder();
        var large = hub.Add("main/test-0.parquet", 300_000);
        var small = hub.Add("README.md", 200);
        hub.Add("main/with space.txt", 30);
        hub.PageSize = 1;
        using var client = Client(hub);
        var files = await client.ListAsync(HubKind.Dataset, hub.Repository, "main", None);
        Assert.Equal(["README.md", "main/test-0.parquet", "main/with space.txt"], files.Select(f => f.Path));
        foreach (var file in files)
            await client.DownloadAsync(HubKind.Dataset, hub.Repository, "main", file, folder.FullPath, null, None);
        Assert.Equal(large, File.ReadAllBytes(folder["main/test-0.parquet"]));
        Assert.Equal(small, File.ReadAllBytes(folder["README.md"]));
        AssertNoRests(folder);
    }

    [Fact]
    public async Task A_file_that_is_there_and_right_is_not_fetched_again()
    {
        await using var hub = await TestHub.StartAsync();
        using var folder = new TemporaryFolder();
        hub.Add("a.parquet", 5000);
        await PullAsync(hub, folder);
        var before = hub.Log.Count;
        await PullAsync(hub, folder);
        Assert.Equal(before + 1, hub.Log.Count);
    }

    [Fact]
    public async Task The_token_goes_to_the_hub_and_not_along_the_redirect()
    {
        await using var hub = await TestHub.StartAsync();
        using var folder = new TemporaryFolder();
        hub.Token = "secret";
        hub.Add("a.parquet", 5000);
        await PullAsync(hub, folder, o => o with { Token = "secret" });
        Assert.Contains(hub.Log, l => l.Contains("/resolve/", StringComparison.Ordinal) && l.EndsWith("auth=Bearer secret", StringComparison.Ordinal));
        Assert.All(hub.Log.Where(l => l.Contains("/cdn/", StringComparison.Ordinal)), l => Assert.EndsWith("auth=", l));
    }

    [Fact]
    public async Task A_closed_repository_without_a_token_says_how_to_give_one()
    {
        await using var hub = await TestHub.StartAsync();
        using var folder = new TemporaryFolder();
        hub.Token = "secret";
        var error = await Assert.ThrowsAsync<HubException>(() => PullAsync(hub, folder));
        Assert.Contains("401", error.Message);
        Assert.Contains("HF_TOKEN", error.Message);
    }

    [Fact]
    public async Task A_missing_repository_is_an_error_that_names_it()
    {
        await using var hub = await TestHub.StartAsync();
        using var client = Client(hub);
        var error = await Assert.ThrowsAsync<HubException>(() => client.ListAsync(HubKind.Model, "no/such", "main", None));
        Assert.Contains("'no/such': not found", error.Message);
    }

    [Fact]
    public async Task A_broken_transfer_goes_on_where_it_broke()
    {
        await using var hub = await TestHub.StartAsync();
        using var folder = new TemporaryFolder();
        var content = hub.Add("a.parquet", 400_000);
        var breaks = 0;
        hub.Misbehave = async (context, _) =>
        {
            if (!context.Request.Path.StartsWithSegments("/cdn") || ++breaks > 3)
                return false;
            var range = context.Request.Headers.Range.FirstOrDefault();
            var start = range is null ? 0 : int.Parse(range["bytes=".Length..].TrimEnd('-'), CultureInfo.InvariantCulture);
            await TestHub.BreakOffAsync(context, content, start, 100_000);
            return true;
        };
        await PullAsync(hub, folder);
        Assert.Equal(content, File.ReadAllBytes(folder["a.parquet"]));
        Assert.Contains(hub.Log, l => l.Contains("/cdn/", StringComparison.Ordinal) && l.Contains("range=bytes=", StringComparison.Ordinal));
        AssertNoRests(folder);
    }

    [Fact]
    public async Task A_killed_download_is_continued_by_the_next_call()
    {
        await using var hub = await TestHub.StartAsync();
        using var folder = new TemporaryFolder();
        var content = hub.Add("a.parquet", 400_000);
        hub.Misbehave = async (context, _) =>
        {
            if (!context.Request.Path.StartsWithSegments("/cdn"))
                return false;
            await TestHub.BreakOffAsync(context, content, 0, 150_000);
            return true;
        };
        var error = await Assert.ThrowsAsync<HubException>(() => PullAsync(hub, folder, o => o with { Retries = 0 }));
        Assert.Contains("broke off", error.Message);
        Assert.False(File.Exists(folder["a.parquet"]));
        hub.Misbehave = (_, _) => Task.FromResult(false);
        await PullAsync(hub, folder);
        Assert.Equal(content, File.ReadAllBytes(folder["a.parquet"]));
        var last = hub.Log.Last();
        Assert.DoesNotContain("range= ", last);
        AssertNoRests(folder);
    }

    [Fact]
    public async Task A_server_without_ranges_sends_everything_again()
    {
        await using var hub = await TestHub.StartAsync();
        using var folder = new TemporaryFolder();
        var content = hub.Add("a.parquet", 400_000);
        var calls = 0;
        hub.Misbehave = async (context, _) =>
        {
            if (!context.Request.Path.StartsWithSegments("/cdn"))
                return false;
            if (++calls == 1)
                await TestHub.BreakOffAsync(context, content, 0, 150_000);
            else
                await context.Response.Body.WriteAsync(content);
            return true;
        };
        await PullAsync(hub, folder);
        Assert.Equal(content, File.ReadAllBytes(folder["a.parquet"]));
    }

    [Fact]
    public async Task Content_with_another_checksum_is_removed()
    {
        await using var hub = await TestHub.StartAsync();
        using var folder = new TemporaryFolder();
        var content = hub.Add("a.parquet", 5000);
        hub.Misbehave = async (context, _) =>
        {
            if (!context.Request.Path.StartsWithSegments("/cdn"))
                return false;
            var other = (byte[])content.Clone();
            other[77] ^= 1;
            await context.Response.Body.WriteAsync(other);
            return true;
        };
        var error = await Assert.ThrowsAsync<HubException>(() => PullAsync(hub, folder));
        Assert.Contains("checksum", error.Message);
        Assert.Empty(Directory.GetFiles(folder.FullPath, "*", SearchOption.AllDirectories));
    }

    [Theory]
    [InlineData(429, "0")]
    [InlineData(429, "Wed, 21 Oct 2015 07:28:00 GMT")]
    [InlineData(503, null)]
    public async Task A_busy_server_is_asked_again(int status, string? retryAfter)
    {
        await using var hub = await TestHub.StartAsync();
        using var folder = new TemporaryFolder();
        hub.Add("a.parquet", 5000);
        hub.Misbehave = (context, number) =>
        {
            if (number % 3 != 1)
                return Task.FromResult(false);
            context.Response.StatusCode = status;
            if (retryAfter is not null)
                context.Response.Headers.RetryAfter = retryAfter;
            return Task.FromResult(true);
        };
        await PullAsync(hub, folder);
        Assert.True(File.Exists(folder["a.parquet"]));
    }

    [Fact]
    public async Task A_wait_that_is_too_long_is_an_error_and_not_a_wait()
    {
        await using var hub = await TestHub.StartAsync();
        using var folder = new TemporaryFolder();
        hub.Misbehave = (context, _) =>
        {
            context.Response.StatusCode = 429;
            context.Response.Headers.RetryAfter = "86400";
            return Task.FromResult(true);
        };
        var error = await Assert.ThrowsAsync<HubException>(() => PullAsync(hub, folder));
        Assert.Contains("86400 s", error.Message);
    }

    [Fact]
    public async Task A_server_that_stops_sending_is_given_up()
    {
        await using var hub = await TestHub.StartAsync();
        using var folder = new TemporaryFolder();
        var content = hub.Add("a.parquet", 5000);
        hub.Misbehave = async (context, _) =>
        {
            if (!context.Request.Path.StartsWithSegments("/cdn"))
                return false;
            context.Response.ContentLength = 5000;
            await context.Response.Body.WriteAsync(content.AsMemory(0, 100));
            await context.Response.Body.FlushAsync();
            await Task.Delay(TimeSpan.FromSeconds(20), context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
            return true;
        };
        var error = await Assert.ThrowsAsync<HubException>(() => PullAsync(hub, folder, o => o with { Retries = 0, Timeout = TimeSpan.FromMilliseconds(500) }));
        Assert.Contains("no bytes for", error.Message);
    }

    [Theory]
    [InlineData("../evil")]
    [InlineData("/etc/evil")]
    [InlineData("a/../../evil")]
    public async Task A_path_out_of_the_folder_is_refused(string path)
    {
        await using var hub = await TestHub.StartAsync();
        using var folder = new TemporaryFolder();
        hub.Add(path, 10);
        Assert.Contains("outside the folder", (await Assert.ThrowsAsync<HubException>(() => PullAsync(hub, folder))).Message);
    }

    [Fact]
    public async Task A_next_page_on_another_host_is_read_without_the_token()
    {
        await using var hub = await TestHub.StartAsync();
        hub.Add("a.parquet", 5);
        hub.Add("b.parquet", 5);
        hub.PageSize = 1;
        hub.NextPage = next => $"<http://localhost:{next.Port}{next.PathAndQuery}>; rel=\"next\"";
        using var client = Client(hub, o => o with { Token = "secret" });
        var files = await client.ListAsync(HubKind.Dataset, hub.Repository, "main", None);
        Assert.Equal(["a.parquet", "b.parquet"], files.Select(f => f.Path));
        Assert.EndsWith("auth=", Assert.Single(hub.Log, l => l.Contains("localhost", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_next_page_may_be_named_by_a_path_and_without_quotation_marks()
    {
        await using var hub = await TestHub.StartAsync();
        hub.Add("a.parquet", 5);
        hub.Add("b.parquet", 5);
        hub.PageSize = 1;
        hub.NextPage = next => $"<{next.PathAndQuery}>; rel=next";
        using var client = Client(hub);
        Assert.Equal(2, (await client.ListAsync(HubKind.Dataset, hub.Repository, "main", None)).Count);
    }

    [Theory]
    [InlineData("<ftp://127.0.0.1/x>; rel=\"next\"", "which is not an address")]
    [InlineData("http://127.0.0.1/x; rel=\"next\"", "cannot be read")]
    public async Task A_next_page_that_cannot_be_found_is_an_error(string link, string expected)
    {
        await using var hub = await TestHub.StartAsync();
        hub.Add("a.parquet", 5);
        hub.Add("b.parquet", 5);
        hub.PageSize = 1;
        hub.NextPage = _ => link;
        using var client = Client(hub);
        var error = await Assert.ThrowsAsync<HubException>(() => client.ListAsync(HubKind.Dataset, hub.Repository, "main", None));
        Assert.Contains(expected, error.Message);
    }

    [Fact]
    public async Task A_circle_of_redirects_ends()
    {
        await using var hub = await TestHub.StartAsync();
        using var folder = new TemporaryFolder();
        hub.Misbehave = (context, _) =>
        {
            context.Response.Redirect(context.Request.Path);
            return Task.FromResult(true);
        };
        Assert.Contains("redirects", (await Assert.ThrowsAsync<HubException>(() => PullAsync(hub, folder))).Message);
    }

    [Fact]
    public async Task A_page_that_is_no_list_is_an_error()
    {
        await using var hub = await TestHub.StartAsync();
        using var folder = new TemporaryFolder();
        hub.Misbehave = async (context, _) =>
        {
            await context.Response.WriteAsync("<html>welcome</html>");
            return true;
        };
        Assert.Contains("HF_ENDPOINT", (await Assert.ThrowsAsync<HubException>(() => PullAsync(hub, folder))).Message);
    }

    [Fact]
    public async Task A_local_folder_serves_without_a_network()
    {
        using var mirror = new TemporaryFolder();
        using var folder = new TemporaryFolder();
        mirror.Write("datasets/openai/gsm8k/main/test-0.jsonl", """{"question":"1+1?","answer":"so\n#### 2"}""");
        using var client = new HubClient(new HubOptions { Endpoint = mirror.FullPath });
        var files = await SetDownload.DatasetAsync(client, "gsm8k", folder.FullPath, null, None);
        Assert.Equal([folder["main/test-0.jsonl"]], files);
        Assert.Equal("2", Assert.Single(ParallelR1.Data.ProblemSet.Load(files[0])).Answer);
    }

    [Fact]
    public async Task A_model_is_pulled_without_the_files_it_does_not_need()
    {
        await using var hub = await TestHub.StartAsync();
        using var folder = new TemporaryFolder();
        foreach (var name in new[] { "model.safetensors", "config.json", "tokenizer.json", "pytorch_model.bin", "onnx/model.onnx" })
            hub.Add(name, 2000);
        using var client = Client(hub);
        var files = await SetDownload.ModelAsync(client, hub.Repository, "main", folder.FullPath, [], null, None);
        Assert.Equal(["config.json", "model.safetensors", "tokenizer.json"], files.Select(Path.GetFileName));
    }

    [Fact]
    public void An_endpoint_that_is_nothing_is_wrong_usage() =>
        Assert.Throws<UsageException>(() => new HubClient(new HubOptions { Endpoint = "no-such-folder" }));

    private static HubClient Client(TestHub hub, Func<HubOptions, HubOptions>? change = null)
    {
        var options = new HubOptions { Endpoint = hub.Endpoint, FirstDelay = TimeSpan.FromMilliseconds(1), Timeout = TimeSpan.FromSeconds(10) };
        return new HubClient(change?.Invoke(options) ?? options);
    }

    private static async Task PullAsync(TestHub hub, TemporaryFolder folder, Func<HubOptions, HubOptions>? change = null)
    {
        using var client = Client(hub, change);
        foreach (var file in await client.ListAsync(HubKind.Dataset, hub.Repository, "main", None))
            await client.DownloadAsync(HubKind.Dataset, hub.Repository, "main", file, folder.FullPath, null, None);
    }

    private static void AssertNoRests(TemporaryFolder folder) =>
        Assert.Empty(Directory.GetFiles(folder.FullPath, "*.partial", SearchOption.AllDirectories));
}
