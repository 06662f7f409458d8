using System.Runtime.InteropServices;

namespace ParallelR1.Tests;

/// <summary>Signals to processes that tests have started.</summary>
internal static class Signals
{
    public const int HangUp = 1, Interrupt = 2, Terminate = 15;

    /// <summary>Whether this process, and so those that it starts, ignores a signal: an interrupt where a shell started it in the background, a hang-up under nohup.</summary>
    public static bool IsIgnored(int signal) =>
        File.ReadLines("/proc/self/status").FirstOrDefault(l => l.StartsWith("SigIgn:", StringComparison.Ordinal)) is { } line
        && (Convert.ToUInt64(line[7..].Trim(), 16) >> (signal - 1) & 1) != 0;

    /// <summary>Sends a signal at once: a program for it may take longer to start than the process to end.</summary>
    public static void Send(int process, int signal) => Assert.Equal(0, Kill(process, signal));

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Kill(int process, int signal);
}
