using System.IO.MemoryMappedFiles;
using ParallelR1.IO;

namespace ParallelR1.Models;

/// <summary>A file mapped read-only into memory.</summary>
internal sealed unsafe class MappedFile : IDisposable
{
    private readonly string _path;
    private readonly MemoryMappedFile? _map;
    private readonly MemoryMappedViewAccessor? _view;
    private byte* _start;

    public MappedFile(string path)
    {
        _path = path;
        _ = FileSize.Of(path);
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        Length = stream.Length;
        if (Length == 0)
            return;
        Span<byte> beginning = stackalloc byte[1024];
        GitLfsPointer.Refuse(path, beginning[..stream.ReadAtLeast(beginning, beginning.Length, throwOnEndOfStream: false)], Length);
        _map = MemoryMappedFile.CreateFromFile(stream, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: false);
        _view = _map.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _start);
        _start += _view.PointerOffset;
    }

    public long Length { get; }

    /// <summary>Gets the address of a byte range, valid until the file is disposed.</summary>
    public byte* Pointer(long offset, long length)
    {
        ObjectDisposedException.ThrowIf(_start is null && Length > 0, this);
        if (offset < 0 || length < 0 || offset > Length - length)
            throw new InputException($"{_path}: bytes {offset} to {offset + length} lie outside of its {Length} bytes");
        return _start + offset;
    }

    public ReadOnlySpan<byte> Span(long offset, long length) => length <= int.MaxValue
        ? new(Pointer(offset, length), (int)length)
        : throw new InputException($"{_path}: {length} bytes are too many to be read at once");

    public void Dispose()
    {
        if (_start is not null)
        {
            _start = null;
            _view!.SafeMemoryMappedViewHandle.ReleasePointer();
        }

        _view?.Dispose();
        _map?.Dispose();
    }
}
