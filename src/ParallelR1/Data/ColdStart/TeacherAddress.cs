namespace ParallelR1.Data.ColdStart;

/// <summary>The address of chat completions.</summary>
internal static class TeacherAddress
{
    private const string Completions = "/chat/completions";

    /// <summary>Completes an address given by the user to that of chat completions.</summary>
    /// <exception cref="UsageException">The address is not http(s), or contains a user, a password or a fragment.</exception>
    public static Uri Resolve(string address)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
            throw new UsageException($"the teacher's address '{Shown(address)}' is not an http(s) address, such as http://127.0.0.1:8080/v1");
        if (uri.UserInfo.Length > 0)
            throw new UsageException("the teacher's address has a user or password in it; give the key in an environment variable instead");
        if (uri.Fragment.Length > 0)
            throw new UsageException($"the teacher's address '{address}' has a fragment (#…); leave it out");
        var path = uri.AbsolutePath.TrimEnd('/');
        if (!path.EndsWith(Completions, StringComparison.Ordinal))
            path = (path.Length == 0 ? "/v1" : path) + Completions;
        return new UriBuilder(uri) { Path = path }.Uri;
    }

    /// <summary>Gets host and port, the only part of the address that is recorded.</summary>
    public static string Host(Uri address) => address.IsDefaultPort ? address.Host : $"{address.Host}:{address.Port}";

    private static string Shown(string address) => address.Contains('@', StringComparison.Ordinal) ? "…" : address;
}
