using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ParallelR1.Data.Hub;

/// <summary>Reads from the hub over HTTP: paged file lists, and files from an offset, following redirects.</summary>
internal sealed class HttpTransport : IHubTransport
{
    private const int MaxRedirects = 10;
    private const int MaxPages = 1000;
    private const int MaxList = 1 << 26;

    private readonly HubOptions _options;
    private readonly Uri _endpoint;
    private readonly TimeProvider _time;
    private readonly HttpClient _http;

    public HttpTransport(HubOptions options, Uri endpoint, TimeProvider time)
    {
        (_options, _endpoint, _time) = (options, endpoint, time);
        // Redirects are followed here, because the token must only go to the endpoint and the hub's headers are in the first response.
        _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, ConnectTimeout = options.Timeout })
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
        _http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("parallel-r1", "1.0"));
    }

    public async Task<IReadOnlyList<HubFile>> ListAsync(HubKind kind, string repository, string revision, CancellationToken cancellation)
    {
        var files = new List<HubFile>();
        var what = $"{(kind == HubKind.Dataset ? "data set" : "model")} '{repository}'";
        Uri? next = Address($"api/{(kind == HubKind.Dataset ? "datasets" : "models")}/{repository}/tree/{Uri.EscapeDataString(revision)}?recursive=true");
        for (var page = 0; next is not null; page++)
        {
            if (page == MaxPages)
                throw new HubException($"{what}: the hub's file list does not end");
            var address = next;
            next = await HubRetry.RunAsync(_options, WaitAsync, () => ListPageAsync(address, what, files, cancellation), () => 0, cancellation).ConfigureAwait(false);
        }

        return files;
    }

    public async Task<HubContent> OpenAsync(HubKind kind, string repository, string revision, HubFile file, long offset, CancellationToken cancellation)
    {
        var path = string.Join('/', file.Path.Split('/').Select(Uri.EscapeDataString));
        var address = Address($"{(kind == HubKind.Dataset ? "datasets/" : "")}{repository}/resolve/{Uri.EscapeDataString(revision)}/{path}");
        var (response, checksum) = await SendAsync(address, $"{repository}/{file.Path}", offset, cancellation).ConfigureAwait(false);
        var start = response.StatusCode == HttpStatusCode.PartialContent ? response.Content.Headers.ContentRange?.From ?? 0 : 0;
        var body = await response.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
        return new HubContent(new PatientStream(body, _options.Timeout, file.Path), start, checksum, response);
    }

    public Task WaitAsync(TimeSpan delay, CancellationToken cancellation) => Task.Delay(delay, _time, cancellation);

    public void Dispose() => _http.Dispose();

    private Uri Address(string path) => new($"{_endpoint.AbsoluteUri.TrimEnd('/')}/{path}");

    private async Task<Uri?> ListPageAsync(Uri address, string what, List<HubFile> files, CancellationToken cancellation)
    {
        var (response, _) = await SendAsync(address, what, 0, cancellation).ConfigureAwait(false);
        using (response)
        {
            var text = await ReadTextAsync(response, what, cancellation).ConfigureAwait(false);
            files.AddRange(ParseList(text, what));
            return NextPage(address, response, what);
        }
    }

    private async Task<byte[]> ReadTextAsync(HttpResponseMessage response, string what, CancellationToken cancellation)
    {
        using var text = new MemoryStream();
        var body = await response.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
        await using var patient = new PatientStream(body, _options.Timeout, what);
        var buffer = new byte[1 << 16];
        int read;
        while ((read = await patient.ReadAsync(buffer, cancellation).ConfigureAwait(false)) > 0)
        {
            if (text.Length + read > MaxList)
                throw new HubException($"{what}: the hub's file list is longer than {MaxList:N0} bytes");
            text.Write(buffer, 0, read);
        }

        return text.ToArray();
    }

    private static List<HubFile> ParseList(byte[] text, string what)
    {
        try
        {
            var files = new List<HubFile>();
            foreach (var node in JsonNode.Parse(text) as JsonArray ?? throw new FormatException("no list"))
            {
                if (node is not JsonObject entry)
                    throw new FormatException("no object");
                if ((string?)entry["type"] != "file")
                    continue;
                var large = entry["lfs"] as JsonObject;
                files.Add(new HubFile(
                    (string?)entry["path"] ?? throw new FormatException("no path"),
                    (long?)large?["size"] ?? (long?)entry["size"] ?? -1,
                    HubChecksum.Parse((string?)large?["oid"] ?? (string?)large?["sha256"] ?? (string?)entry["oid"])));
            }

            return files;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            throw new HubException($"{what}: the hub's file list is not what was expected; is HF_ENDPOINT the address of a hub?", e);
        }
    }

    // The next page may be on another host (a mirror passes the hub's own addresses through); the token is not sent there.
    private static Uri? NextPage(Uri address, HttpResponseMessage response, string what)
    {
        if (!response.Headers.TryGetValues("Link", out var links))
            return null;
        var header = string.Join(", ", links);
        try
        {
            return LinkHeader.Find(header, "next") is { } next ? Follow(address, next, what, "names as the next page of its list") : null;
        }
        catch (FormatException e)
        {
            throw new HubException($"{what}: the hub's file list may continue, but where cannot be read from its header 'Link: {header}'", e);
        }
    }

    private async Task<(HttpResponseMessage Response, HubChecksum? Checksum)> SendAsync(Uri address, string what, long offset, CancellationToken cancellation)
    {
        HubChecksum? checksum = null;
        for (var hop = 0; hop <= MaxRedirects; hop++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            if (_options.Token is not null && SameHost(address, _endpoint))
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _options.Token);
            if (offset > 0)
                request.Headers.Range = new RangeHeaderValue(offset, null);
            var response = await SendOnceAsync(request, what, cancellation).ConfigureAwait(false);
            checksum ??= Linked(response);
            if (response.StatusCode is not (HttpStatusCode.Moved or HttpStatusCode.Found or HttpStatusCode.SeeOther
                or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect))
            {
                CheckStatus(response, address, what, offset);
                return (response, checksum);
            }

            using (response)
                address = Follow(address, response.Headers.Location?.OriginalString, what, "redirects to");
        }

        throw new HubException($"{what}: the server redirects more than {MaxRedirects} times");
    }

    private async Task<HttpResponseMessage> SendOnceAsync(HttpRequestMessage request, string what, CancellationToken cancellation)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        timeout.CancelAfter(_options.Timeout);
        try
        {
            return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, timeout.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            throw new TransientHubException($"{what}: {request.RequestUri!.Host} did not answer within {_options.Timeout.TotalSeconds:F0} s", inner: e);
        }
        catch (HttpRequestException e)
        {
            throw new TransientHubException($"{what}: {request.RequestUri!.Host} cannot be reached ({e.Message}); a mirror can be set with HF_ENDPOINT, a local folder with --from", inner: e);
        }
    }

    private static HubChecksum? Linked(HttpResponseMessage response)
    {
        if (response.Headers.TryGetValues("X-Linked-Etag", out var linked))
            return HubChecksum.Parse(linked.FirstOrDefault());
        return response.IsSuccessStatusCode ? HubChecksum.Parse(response.Headers.ETag?.Tag) : null;
    }

    private static Uri Follow(Uri from, string? location, string what, string verb)
    {
        if (location is null || !Uri.TryCreate(from, location, out var to) || to.Scheme is not ("http" or "https"))
            throw new HubException($"{what}: the server {verb} '{location}', which is not an address");
        return from.Scheme == "https" && to.Scheme == "http"
            ? throw new HubException($"{what}: the server {verb} the unprotected {to.Host}, itself being https; not followed")
            : to;
    }

    private void CheckStatus(HttpResponseMessage response, Uri address, string what, long offset)
    {
        if (response.StatusCode == HttpStatusCode.OK || (offset > 0 && response.StatusCode == HttpStatusCode.PartialContent))
            return;
        using (response)
        {
            var code = (int)response.StatusCode;
            throw code switch
            {
                401 or 403 => new HubException(_options.Token is null
                    ? $"{what}: access denied ({code}); set HF_TOKEN to a token of an account that may read it, or check the name"
                    : $"{what}: access denied ({code}) with the token in HF_TOKEN; may its account read this, and are its terms accepted on the hub's page?"),
                404 => new HubException($"{what}: not found at {address.Host} (404); check the name"),
                416 => new HubException($"{what}: the server cannot continue at byte {offset:N0}; remove the .partial file and run the command again"),
                429 => new TransientHubException($"{what}: {address.Host} asks to slow down (429)", RetryAfter(response)),
                408 or >= 500 => new TransientHubException($"{what}: {address.Host} answered {code}", RetryAfter(response)),
                _ => new HubException($"{what}: {address.Host} answered {code}, which was not expected"),
            };
        }
    }

    private TimeSpan? RetryAfter(HttpResponseMessage response)
    {
        var header = response.Headers.RetryAfter;
        var wait = header?.Delta ?? (header?.Date is { } date ? date - _time.GetUtcNow() : null);
        return wait is null ? null : wait > TimeSpan.Zero ? wait : TimeSpan.Zero;
    }

    private static bool SameHost(Uri one, Uri other) => one.Scheme == other.Scheme && one.Host == other.Host && one.Port == other.Port;
}
