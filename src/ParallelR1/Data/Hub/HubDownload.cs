using ParallelR1.IO;

namespace ParallelR1.Data.Hub;

/// <summary>Downloads one file: to a partial file, which the next call resumes, then verified and moved into place.</summary>
internal sealed class HubDownload(
    IHubTransport transport,
    HubKind kind,
    string repository,
    string revision,
    HubFile file,
    string target,
    IRunObserver observer)
{
    private readonly string _target = AtomicFile.TargetOf(target);
    private long _have;
    private HubChecksum? _checksum = file.Checksum;

    // Named after the content, so that two versions are never mixed. Without a checksum a download cannot be resumed.
    private string Partial => $"{_target}.{file.Checksum?.Hex[..16] ?? "unverified"}.partial";

    public async Task RunAsync(HubOptions options, CancellationToken cancellation)
    {
        var stream = Open();
        try
        {
            await using (stream.ConfigureAwait(false))
            {
                _have = file.Checksum is null || stream.Length > file.Size ? 0 : stream.Length;
                stream.SetLength(_have);
                await HubRetry.RunAsync(options, transport.WaitAsync, () => FetchAsync(stream, cancellation), () => _have, cancellation).ConfigureAwait(false);
                stream.Flush(flushToDisk: true);
            }

            await VerifyAsync(cancellation).ConfigureAwait(false);
        }
        catch when (file.Checksum is null)
        {
            File.Delete(Partial);
            throw;
        }

        File.Move(Partial, _target, overwrite: true);
    }

    private FileStream Open()
    {
        try
        {
            return new FileStream(Partial, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.Asynchronous);
        }
        catch (IOException e) when (File.Exists(Partial))
        {
            throw new HubException($"{Partial} is in use; is another download of the same file running?", e);
        }
    }

    private async Task<bool> FetchAsync(FileStream stream, CancellationToken cancellation)
    {
        if (_have == file.Size && file.Checksum is not null)
            return true;
        using var content = await transport.OpenAsync(kind, repository, revision, file, _have, cancellation).ConfigureAwait(false);
        _checksum ??= content.Checksum;
        if (content.Start > _have)
            throw new HubException($"{file.Path}: the server skipped from byte {_have:N0} to {content.Start:N0}");
        // A server without support for ranges starts from the beginning.
        _have = content.Start;
        stream.Position = _have;
        stream.SetLength(_have);
        var buffer = new byte[1 << 16];
        int read;
        while ((read = await content.Body.ReadAsync(buffer, cancellation).ConfigureAwait(false)) > 0)
        {
            if (file.Size >= 0 && read > file.Size - _have)
                throw new HubException($"{file.Path}: the server sends more than the {file.Size:N0} bytes that the file has");
            await stream.WriteAsync(buffer.AsMemory(0, read), cancellation).ConfigureAwait(false);
            _have += read;
            observer.Report(new RunProgress(file.Path, _have, Math.Max(file.Size, 0)) { InBytes = true });
        }

        return file.Size < 0 || _have == file.Size
            ? true
            : throw new TransientHubException($"{file.Path}: the transfer broke off after {_have:N0} of {file.Size:N0} bytes");
    }

    private async Task VerifyAsync(CancellationToken cancellation)
    {
        if (_checksum is null || await _checksum.MatchesAsync(Partial, cancellation).ConfigureAwait(false))
            return;
        File.Delete(Partial);
        throw new HubException($"{file.Path}: the content is not what the hub says it is (checksum {_checksum.Hex[..16]}…); it was removed, run the command again");
    }
}
