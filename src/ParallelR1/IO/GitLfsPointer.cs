using System.Globalization;
using System.Text;

namespace ParallelR1.IO;

/// <summary>
/// Git LFS leaves a small text in the place of each large file that was not fetched; read as what it stands for, it is only a damaged file.
/// </summary>
internal static class GitLfsPointer
{
    /// <summary>A pointer is shorter than this (the format's own bound).</summary>
    private const int MostBytes = 1024;

    private static ReadOnlySpan<byte> Beginning => "version https://git-lfs.github.com/spec/v1"u8;

    /// <summary>Throws if the file is a Git LFS pointer.</summary>
    /// <param name="path">The file, for the message.</param>
    /// <param name="beginning">The file's first bytes, up to 1024.</param>
    /// <param name="length">The file's whole length.</param>
    /// <exception cref="InputException">The file is a Git LFS pointer.</exception>
    public static void Refuse(string path, ReadOnlySpan<byte> beginning, long length)
    {
        var text = beginning.StartsWith("\uFEFF"u8) ? beginning[3..] : beginning;
        if (length > MostBytes || !text.StartsWith(Beginning))
            return;
        throw new InputException($"{path}: is a Git LFS pointer, not the file itself{Size(text)}; fetch it with 'git lfs install' and 'git lfs pull' in the repository, or download the model with parallel-r1 model pull OWNER/NAME --out DIR");
    }

    private static string Size(ReadOnlySpan<byte> text)
    {
        var line = Encoding.UTF8.GetString(text).Split('\n').FirstOrDefault(l => l.StartsWith("size ", StringComparison.Ordinal));
        return long.TryParse(line?[5..].Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var size) ? $" (which has {size} bytes)" : "";
    }
}
