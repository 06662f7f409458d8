using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace ParallelR1.Data.ColdStart;

/// <summary>
/// Requests chat completions from an OpenAI-compatible server, with rate limits, a time limit per request, and retries after transient
/// failures. Thread-safe.
/// </summary>
internal sealed class TeacherClient
{
    private const int LongestBody = 1 << 25;

    private readonly HttpClient _http;
    private readonly TeacherOptions _options;
    private readonly TimeProvider _time;
    private readonly RequestPacer _pacer;
    private readonly Uri _address;

    /// <summary>Creates a client; nothing is sent yet.</summary>
    /// <param name="http">Sends the requests. Its own timeout should be infinite, and it should not follow redirects.</param>
    /// <param name="options">The teacher and how to ask it.</param>
    /// <param name="time">The clock of all delays and time limits.</param>
    /// <exception cref="UsageException">The address or another option is invalid.</exception>
    public TeacherClient(HttpClient http, TeacherOptions options, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(http);
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        (_http, _options, _time) = (http, options, time ?? TimeProvider.System);
        _address = TeacherAddress.Resolve(options.Address);
        _pacer = new RequestPacer(options.RequestsPerMinute, options.TokensPerMinute, _time);
    }

    /// <summary>Gets host and port of the teacher.</summary>
    public string Host => TeacherAddress.Host(_address);

    /// <summary>Sends a request until there is a reply.</summary>
    /// <param name="prompt">The user's message.</param>
    /// <param name="key">The key of the seed that is sent and of the jitter of delays.</param>
    /// <param name="observer">Receives retries.</param>
    /// <param name="stop">Stops retries and delays.</param>
    /// <param name="abort">Also cancels a pending request.</param>
    /// <exception cref="TeacherException">The request was refused or failed in all retries.</exception>
    public async Task<TeacherReply> AskAsync(string prompt, RandomKey key, IRunObserver observer, CancellationToken stop, CancellationToken abort)
    {
        ArgumentNullException.ThrowIfNull(observer);
        var body = TeacherWire.Request(_options, prompt, (int)(key.Bits() >> 33)).ToJsonString();
        for (var attempt = 1; ; attempt++)
        {
            await _pacer.WaitAsync(stop).ConfigureAwait(false);
            try
            {
                var reply = await AttemptAsync(body, abort).ConfigureAwait(false);
                _pacer.Spent((reply.PromptTokens ?? 0) + (reply.CompletionTokens ?? 0));
                return reply with { Attempts = attempt };
            }
            catch (TeacherException e) when (e.Failure == TeacherFailure.Transient)
            {
                var delay = Delay(e, attempt, key);
                observer.Say($"{e.Message}; trying again in {delay.TotalSeconds:0.#} s ({attempt} of {_options.Retries})");
                if (e.RetryAfter is not null)
                    _pacer.Pause(delay);
                await Task.Delay(delay, _time, stop).ConfigureAwait(false);
            }
        }
    }

    private TimeSpan Delay(TeacherException e, int attempt, RandomKey key)
    {
        if (attempt > _options.Retries)
            throw new TeacherException(TeacherFailure.Exhausted, $"{e.Message}; gave up after {attempt} attempts", e);
        if (e.RetryAfter > _options.LongestRetryAfter)
            throw new TeacherException(TeacherFailure.Fatal, $"{e.Message}; it asks to wait {e.RetryAfter.Value.TotalSeconds:F0} s: resume later with --resume", e);
        if (e.RetryAfter is { } asked)
            return asked;
        // Jitter, so that requests that failed together are not retried together.
        var delay = _options.FirstDelay * Math.Pow(2, attempt - 1) * (0.75 + 0.5 * key.Uniform(attempt));
        return delay < _options.LongestDelay ? delay : _options.LongestDelay;
    }

    private async Task<TeacherReply> AttemptAsync(string body, CancellationToken abort)
    {
        using var timeout = new CancellationTokenSource(_options.Timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(abort, timeout.Token);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, _address) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
            if (_options.ApiKey is not null)
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _options.ApiKey);
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token).ConfigureAwait(false);
            var bytes = await ReadAsync(response, either.Token).ConfigureAwait(false);
            return response.StatusCode == HttpStatusCode.OK ? TeacherWire.Reply(bytes) : throw Failed(response, bytes);
        }
        catch (OperationCanceledException e) when (!abort.IsCancellationRequested)
        {
            throw Transient($"did not answer within {_options.Timeout.TotalSeconds:0.#} s", e);
        }
        catch (FormatException e)
        {
            throw Transient($"sent {e.Message}", e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw Transient($"cannot be reached, or broke off: {Innermost(e)}", e);
        }
    }

    private async Task<byte[]> ReadAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        using var bytes = new MemoryStream();
        await using var stream = await response.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
        var buffer = new byte[1 << 14];
        int read;
        while ((read = await stream.ReadAsync(buffer, cancellation).ConfigureAwait(false)) > 0)
        {
            bytes.Write(buffer, 0, read);
            if (bytes.Length > LongestBody)
                throw new TeacherException(TeacherFailure.Refused, $"the teacher at {Host} sent more than {LongestBody:N0} bytes as a reply; lower --max-tokens");
        }

        return bytes.ToArray();
    }

    private TeacherException Failed(HttpResponseMessage response, byte[] body)
    {
        var (said, code) = TeacherWire.ErrorOf(body);
        var status = $"{(int)response.StatusCode} {response.ReasonPhrase}".TrimEnd();
        var detail = said is null ? status : $"{status}: {Clean(said)}";
        return (int)response.StatusCode switch
        {
            401 or 403 => Fatal($"does not accept the API key ({detail}); {(_options.ApiKey is null ? "none was sent" : "it was sent")}: set the environment variable that holds it (PARALLELR1_TEACHER_KEY, or the one that --key-variable names)"),
            402 => Fatal($"requires payment ({detail})"),
            404 or 405 => Fatal($"knows no model '{_options.Model}' or no chat completions at {_address.AbsolutePath} ({detail}); check --teacher and --model"),
            >= 300 and < 400 => Fatal($"sends elsewhere, to {response.Headers.Location} ({detail}); give that address with --teacher"),
            429 when code is "insufficient_quota" => Fatal($"has no quota left for this key ({detail})"),
            408 or 409 or 425 or 429 or >= 500 => new TeacherException(TeacherFailure.Transient, $"the teacher at {Host} answered {detail}") { RetryAfter = RetryAfter(response) },
            _ => new TeacherException(TeacherFailure.Refused, $"the teacher at {Host} refused the request ({detail})"),
        };
    }

    private TeacherException Fatal(string what) => new(TeacherFailure.Fatal, $"the teacher at {Host} {what}");

    private TeacherException Transient(string what, Exception inner) => new(TeacherFailure.Transient, $"the teacher at {Host} {what}", inner);

    private TimeSpan? RetryAfter(HttpResponseMessage response)
    {
        var asked = response.Headers.RetryAfter is { } header ? header.Delta ?? header.Date - _time.GetUtcNow() : null;
        return asked is { } delay ? delay > TimeSpan.Zero ? delay : TimeSpan.Zero : null;
    }

    // Some servers repeat the key in the message that it is wrong.
    private string Clean(string message)
    {
        var clean = _options.ApiKey is { Length: > 0 } key ? message.Replace(key, "***", StringComparison.Ordinal) : message;
        clean = string.Join(' ', clean.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return clean.Length <= 300 ? clean : $"{clean.AsSpan(0, 297)}...";
    }

    private static string Innermost(Exception e)
    {
        while (e.InnerException is { } inner)
            e = inner;
        return e.Message.TrimEnd('.');
    }
}
