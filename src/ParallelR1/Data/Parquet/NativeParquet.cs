using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using ParquetSharp;

namespace ParallelR1.Data.Parquet;

/// <summary>Calls ParquetSharp, a wrapper of Apache's C++ library.</summary>
internal static partial class NativeParquet
{
    // The library walks schemas recursively. The number of schema elements is bounded below, so this stack is more than sufficient.
    private const int LargeStack = 64 << 20;
    private const int MaxElements = 1 << 14;

    /// <summary>Opens a file. The columns of a row group are kept compressed in memory.</summary>
    /// <remarks>Buffered streams are not used: they allocate the size that a page claims, up to 2 GiB, before checking the length of the file.</remarks>
    public static ParquetFileReader Open(string path)
    {
        using var properties = ReaderProperties.GetDefaultReaderProperties();
        properties.DisableBufferedStream();
        properties.SetThriftContainerSizeLimit(MaxElements);
        return new ParquetFileReader(path, properties);
    }

    /// <summary>Converts exceptions of the library to errors that say what is wrong with the file.</summary>
    /// <param name="work">The call.</param>
    /// <param name="column">The column that is read; null for the whole file.</param>
    /// <exception cref="InputException">The file is damaged or not supported.</exception>
    /// <exception cref="UsageException">The library has no build for this machine.</exception>
    public static T Call<T>(Func<T> work, string? column = null)
    {
        try
        {
            return work();
        }
        catch (Exception e) when (Missing(e))
        {
            throw new UsageException(
                $"Parquet needs the native library of ParquetSharp, which was not found or cannot be loaded here ({RuntimeInformation.RuntimeIdentifier}); "
                + "it is built for linux-x64, linux-arm64, osx-x64, osx-arm64, win-x64 and win-arm64 with glibc. JSON Lines are read everywhere");
        }
        catch (Exception e) when (e is ParquetException or OutOfMemoryException or OverflowException or ArgumentException or NotSupportedException)
        {
            throw new InputException($"{(column is null ? "" : $"column '{column}': ")}{Describe(e.Message)}", e);
        }
    }

    /// <summary>Runs on a thread with a large stack.</summary>
    public static T OnLargeStack<T>(Func<T> work)
    {
        var task = new Task<T>(work);
        var thread = new Thread(task.RunSynchronously, LargeStack) { IsBackground = true };
        thread.Start();
        return task.GetAwaiter().GetResult();
    }

    private static bool Missing(Exception e) =>
        e is DllNotFoundException or BadImageFormatException or EntryPointNotFoundException
        || (e is TypeInitializationException && e.InnerException is { } inner && Missing(inner));

    // "N7parquet16ParquetExceptionE (message: 'what is wrong')"
    private static string Describe(string message) => Quoted().Match(message) is { Success: true } match ? match.Groups[1].Value : message;

    [GeneratedRegex(@"\(message: '(.*)'\)\s*\z", RegexOptions.Singleline)]
    private static partial Regex Quoted();
}
