namespace ParallelR1.Data.Hub;

/// <summary>Where and how to download.</summary>
public sealed record HubOptions
{
    /// <summary>The hub or a mirror of it, or a local folder that holds repositories (then nothing goes over the network).</summary>
    public string Endpoint { get; init; } = "https://huggingface.co";

    /// <summary>The access token; sent to the endpoint only, never along a redirect to another host.</summary>
    public string? Token { get; init; }

    /// <summary>How often a request is tried again after a failure that may pass (broken transfer, 429, 5xx), without progress in between.</summary>
    [Bounds(0, 1000)]
    public int Retries { get; init => field = Options.Checked(this, value); } = 5;

    /// <summary>The longest wait for an answer, and for the next bytes of one.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The first wait before trying again; doubled each time.</summary>
    public TimeSpan FirstDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest wait, also where the server asks for more (then the download fails and says so).</summary>
    public TimeSpan LongestDelay { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>From <c>HF_ENDPOINT</c> and <c>HF_TOKEN</c>.</summary>
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
