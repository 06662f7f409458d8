using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;

namespace ParallelR1.IO;

/// <summary>What lies behind a path: its kind, and where its links lead.</summary>
internal static partial class FileNode
{
    private const int MostLinks = 40; // as Linux itself

    /// <summary>The kind of what the path leads to.</summary>
    public static FileKind KindOf(string path)
    {
        if (Directory.Exists(path))
            return FileKind.Folder;
        if (!File.Exists(path))
            return FileKind.Absent;
        return OperatingSystem.IsLinux() && !IsRegular(path) ? FileKind.Special : FileKind.Regular;
    }

    /// <summary>
    /// The full path without links; what does not exist stays as it is. Stops at an open file of this process, as in <c>/dev/stdout</c>,
    /// and gives its number: such a link has no name to go on with.
    /// </summary>
    /// <exception cref="UsageException">The links go round in a circle.</exception>
    public static (string Path, int? Descriptor) Resolve(string path)
    {
        var rest = new Stack<string>();
        Push(Path.Combine(Environment.CurrentDirectory, path));
        var (current, links) = ("/", 0);
        while (rest.TryPop(out var part))
        {
            if (part == ".")
                continue;
            if (part == "..")
            {
                current = Path.GetDirectoryName(current) ?? "/";
                continue;
            }

            var next = Path.Combine(current, part);
            if (rest.Count == 0 && current == $"/proc/{Environment.ProcessId}/fd" && int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var descriptor))
                return (next, descriptor);
            if (new FileInfo(next).LinkTarget is not { } target)
            {
                current = next;
                continue;
            }

            if (++links > MostLinks)
                throw new UsageException($"{path}: its links go round in a circle");
            if (Path.IsPathRooted(target))
                current = "/";
            Push(target);
        }

        return (current, null);

        void Push(string parts)
        {
            foreach (var part in parts.Split('/', StringSplitOptions.RemoveEmptyEntries).Reverse())
                rest.Push(part);
        }
    }

    private static bool IsRegular(string path)
    {
        // struct statx has one layout on all processors: the mode is the 16-bit number at byte 28.
        const int WorkingFolder = -100, TypeOnly = 1, ModeAt = 28, TypeMask = 0xF000, Regular = 0x8000;
        Span<byte> status = stackalloc byte[256];
        return Statx(WorkingFolder, path, 0, TypeOnly, status) != 0 || (BinaryPrimitives.ReadUInt16LittleEndian(status[ModeAt..]) & TypeMask) == Regular;
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statx(int folder, string path, int flags, uint mask, Span<byte> status);
}

/// <summary>What a path leads to, links followed.</summary>
internal enum FileKind
{
    /// <summary>Nothing, or a link to nothing.</summary>
    Absent,

    /// <summary>A file whose content can be replaced.</summary>
    Regular,

    /// <summary>A folder.</summary>
    Folder,

    /// <summary>A pipe, a device, a socket: what is written goes through it.</summary>
    Special,
}
