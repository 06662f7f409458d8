using System.Security.Cryptography;
using System.Text;

namespace ParallelR1.Data.Hub;

/// <summary>A checksum from the hub: the SHA-256 of the content for large files, git's SHA-1 of the blob for small ones.</summary>
/// <param name="Hex">64 or 40 hexadecimal digits, lower case.</param>
public sealed record HubChecksum(string Hex)
{
    /// <summary>Parses an ETag or object id; null if it is neither.</summary>
    internal static HubChecksum? Parse(string? text)
    {
        var hex = text?.Trim().Replace("W/", "", StringComparison.Ordinal).Trim('"').ToLowerInvariant();
        return hex is { Length: 64 or 40 } && hex.All(char.IsAsciiHexDigitLower) ? new HubChecksum(hex) : null;
    }

    /// <summary>Returns whether a file's content has this checksum.</summary>
    internal async Task<bool> MatchesAsync(string path, CancellationToken cancellation)
    {
        using var hash = IncrementalHash.CreateHash(Hex.Length == 64 ? HashAlgorithmName.SHA256 : HashAlgorithmName.SHA1);
        var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 1, FileOptions.SequentialScan);
        await using (stream.ConfigureAwait(false))
        {
            if (Hex.Length == 40)
                hash.AppendData(Encoding.ASCII.GetBytes($"blob {stream.Length}\0"));
            var buffer = new byte[1 << 17];
            int read;
            while ((read = await stream.ReadAsync(buffer, cancellation).ConfigureAwait(false)) > 0)
                hash.AppendData(buffer, 0, read);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset()) == Hex;
    }
}
