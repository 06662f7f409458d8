using System.CommandLine;
using System.CommandLine.Invocation;
using System.Reflection;
using ParallelR1.Torch;

namespace ParallelR1.Cli;

/// <summary><c>--version</c>: the product's and libtorch's.</summary>
internal sealed class VersionAction : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        var output = parseResult.InvocationConfiguration.Output;
        output.WriteLine($"parallel-r1 {typeof(VersionAction).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion}");
        output.WriteLine($"libtorch {Libtorch()}");
        return ExitCode.Done;
    }

    private static string Libtorch()
    {
        try
        {
            return Runtime.Version;
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException or TypeInitializationException)
        {
            return $"not found: {(e.InnerException ?? e).Message}";
        }
    }
}
