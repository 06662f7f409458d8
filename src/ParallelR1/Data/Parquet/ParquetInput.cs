using Microsoft.Win32.SafeHandles;

namespace ParallelR1.Data.Parquet;

/// <summary>Random access to the bytes of a file; lengths are checked before anything is allocated.</summary>
internal sealed class ParquetInput : IDisposable
{
    private readonly SafeFileHandle _handle;

    public ParquetInput(string path)
    {
        if (!File.Exists(path))
            throw new UsageException($"{path}: no such file");
        _handle = File.OpenHandle(path);
        Length = RandomAccess.GetLength(_handle);
    }

    public long Length { get; }

    public byte[] Read(long offset, int count)
    {
        if (offset < 0 || count < 0 || count > Length - offset)
            throw new InputException($"{count:N0} bytes at {offset:N0} lie outside of the file ({Length:N0} bytes); is it truncated?");
        var bytes = new byte[count];
        for (var done = 0; done < count;)
        {
            var read = RandomAccess.Read(_handle, bytes.AsSpan(done), offset + done);
            if (read == 0)
                throw new InputException("the file became shorter while it was read");
            done += read;
        }

        return bytes;
    }

    public void Dispose() => _handle.Dispose();
}
