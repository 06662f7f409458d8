namespace ParallelR1.Data.Hub;

/// <summary>Endpoint, token and retries of downloads.</summary>
public sealed record HubOptions
{
    /// <summary>Address of the hub or of a mirror, or a local folder with repositories (no network access then); https://huggingface.co by default.</summary>
    public string Endpoint { get; init; } = "https://huggingface.co";

    /// <summary>The access token; sent to the endpoint only, never to another host after a redirect.</summary>
    public string? Token { get; init; }

    /// <summary>Maximum number of consecutive retries after transient failures (broken transfer, 429, 5xx) without progress in between; 5 by default.</summary>
    [Bounds(0, 1000)]
    public int Retries { get; init => field = Options.Checked(this, value); } = 5;

    /// <summary>Time limit for a response, and for its next bytes; 60 s by default.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Delay before the first retry, doubled each time; 1 s by default.</summary>
    public TimeSpan FirstDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Maximum delay, 5 min by default; the download fails if the server asks for a longer one.</summary>
    public TimeSpan LongestDelay { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Reads the options from the environment variables <c>HF_ENDPOINT</c> and <c>HF_TOKEN</c>.</summary>
    public static HubOptions FromEnvironment()
    {
        var options = new HubOptions();
        return options with
        {
            Endpoint = Variable("HF_ENDPOINT")?.TrimEnd('/') ?? options.Endpoint,
            Token = Variable("HF_TOKEN"),
        };
    }

    private static string? Variable(string name) =>
        IO.HostProcess.Variable(name)?.Trim() is { Length: > 0 } value ? value : null;
}
