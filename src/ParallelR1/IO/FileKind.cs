namespace ParallelR1.IO;

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
