using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace ParallelR1.Tests.Data.Hub;

/// <summary>
/// A server on the loopback interface that answers as the hub does: file lists in pages, large files through a redirect to another host
/// (here: another name of the loopback), ranges, and whatever misbehaviour is asked for.
/// </summary>
internal sealed class TestHub : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Dictionary<string, byte[]> _files = [];

    private TestHub(WebApplication app) => _app = app;

    public string Endpoint => _app.Urls.First();

    /// <summary>Method, host, path, range and authorization of every request.</summary>
    public ConcurrentQueue<string> Log { get; } = [];

    public string Repository { get; set; } = "owner/set";

    /// <summary>Files of a page of the list.</summary>
    public int PageSize { get; set; } = 1000;

    /// <summary>The header that leads to the list's next page, from its address.</summary>
    public Func<Uri, string> NextPage { get; set; } = next => $"<{next}>; rel=\"next\"";

    /// <summary>Needed to read anything; null: open.</summary>
    public string? Token { get; set; }

    /// <summary>May answer a request in its own way: true when it did.</summary>
    public Func<HttpContext, int, Task<bool>> Misbehave { get; set; } = (_, _) => Task.FromResult(false);

    public static async Task<TestHub> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(k => k.Listen(System.Net.IPAddress.Loopback, 0));
        var app = builder.Build();
        var hub = new TestHub(app);
        app.Run(hub.AnswerAsync);
        await app.StartAsync();
        return hub;
    }

    public void Add(string path, byte[] content) => _files[path] = content;

    public byte[] Add(string path, int size)
    {
        var key = RandomKey.FromSeed(size).Fold(path);
        var content = new byte[size];
        for (var i = 0; i < size; i++)
            content[i] = (byte)key.Bits(i);
        Add(path, content);
        return content;
    }

    public static string Sha256(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        var request = context.Request;
        Log.Enqueue($"{request.Method} {request.Host.Host} {request.Path} range={request.Headers.Range} auth={request.Headers.Authorization}");
        if (await Misbehave(context, Log.Count))
            return;
        var path = request.Path.Value!;
        var isCdn = path.StartsWith("/cdn/", StringComparison.Ordinal);
        if (!isCdn && Token is not null && request.Headers.Authorization != $"Bearer {Token}")
            context.Response.StatusCode = 401;
        else if (path == $"/api/datasets/{Repository}/tree/main" || path == $"/api/models/{Repository}/tree/main")
            await ListAsync(context);
        else if (Resolve(path) is { } file)
            await FileAsync(context, file, isCdn);
        else
            context.Response.StatusCode = 404;
    }

    private string? Resolve(string path)
    {
        var marker = path.StartsWith("/cdn/", StringComparison.Ordinal) ? "/cdn/" : $"{Repository}/resolve/main/";
        var at = path.IndexOf(marker, StringComparison.Ordinal);
        var name = at < 0 ? "" : path[(at + marker.Length)..];
        return _files.ContainsKey(name) ? name : null;
    }

    private static bool IsLarge(byte[] content) => content.Length > 1000;

    private async Task ListAsync(HttpContext context)
    {
        var page = int.Parse(context.Request.Query["cursor"].FirstOrDefault() ?? "0", CultureInfo.InvariantCulture);
        var entries = _files.OrderBy(f => f.Key, StringComparer.Ordinal).Skip(page * PageSize).Take(PageSize).Select(f => IsLarge(f.Value)
            ? $$"""{"type":"file","oid":"{{new string('a', 40)}}","size":{{f.Value.Length}},"path":"{{f.Key}}","lfs":{"oid":"{{Sha256(f.Value)}}","size":{{f.Value.Length}},"pointerSize":134} }"""
            : $$"""{"type":"file","oid":"{{GitSha1(f.Value)}}","size":{{f.Value.Length}},"path":"{{f.Key}}"}""");
        if ((page + 1) * PageSize < _files.Count)
            context.Response.Headers.Link = NextPage(new Uri($"{Endpoint}{context.Request.Path}?recursive=true&cursor={page + 1}"));
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync($"[{string.Join(',', entries.Prepend("""{"type":"directory","oid":"x","size":0,"path":"main"}"""))}]");
    }

    private async Task FileAsync(HttpContext context, string name, bool isCdn)
    {
        var content = _files[name];
        if (IsLarge(content) && !isCdn)
        {
            context.Response.Headers["X-Linked-Etag"] = $"\"{Sha256(content)}\"";
            context.Response.Headers["X-Linked-Size"] = content.Length.ToString(CultureInfo.InvariantCulture);
            context.Response.StatusCode = 302;
            context.Response.Headers.Location = $"http://localhost:{context.Connection.LocalPort}/cdn/{name}";
            return;
        }

        var start = 0;
        if (context.Request.Headers.Range.FirstOrDefault() is { } range)
        {
            start = int.Parse(range["bytes=".Length..].TrimEnd('-'), CultureInfo.InvariantCulture);
            context.Response.StatusCode = 206;
            context.Response.Headers.ContentRange = $"bytes {start}-{content.Length - 1}/{content.Length}";
        }

        context.Response.Headers.ETag = $"\"{GitSha1(content)}\"";
        context.Response.ContentLength = content.Length - start;
        await context.Response.Body.WriteAsync(content.AsMemory(start));
    }

    /// <summary>Sends the beginning of a file as if it were whole, then drops the connection.</summary>
    public static async Task BreakOffAsync(HttpContext context, byte[] content, int start, int count)
    {
        context.Features.Get<IHttpResponseBodyFeature>()!.DisableBuffering();
        if (start > 0)
        {
            context.Response.StatusCode = 206;
            context.Response.Headers.ContentRange = $"bytes {start}-{content.Length - 1}/{content.Length}";
        }

        context.Response.ContentLength = content.Length - start;
        await context.Response.Body.WriteAsync(content.AsMemory(start, count));
        await context.Response.Body.FlushAsync();
        context.Abort();
    }

    private static string GitSha1(byte[] content)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
        hash.AppendData(Encoding.ASCII.GetBytes($"blob {content.Length}\0"));
        hash.AppendData(content);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
