namespace ParallelR1.IO;

#pragma warning disable RS0030 // the one place of this library that looks at its host process

/// <summary>What the library takes from the process that it runs in: variables of the environment and the standard streams.</summary>
internal static class HostProcess
{
    /// <summary>Gets an environment variable; null if it is not set or empty.</summary>
    public static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;

    /// <summary>Standard input.</summary>
    public static Stream OpenInput() => Console.OpenStandardInput();

    /// <summary>Standard output.</summary>
    public static Stream OpenOutput() => Console.OpenStandardOutput();

    /// <summary>Standard error.</summary>
    public static Stream OpenError() => Console.OpenStandardError();
}
