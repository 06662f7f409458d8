using System.Diagnostics;
using ParallelR1.IO;

namespace ParallelR1.Tests;

/// <summary>The scripts that set up and test: their syntax, and the parts of them that can be tried without a build.</summary>
public sealed class ScriptTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("parallel-r1-scripts-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("parallel-r1")]
    [InlineData("test")]
    [InlineData("eng/setup.sh")]
    [InlineData("eng/results.sh")]
    [InlineData(".ci/run")]
    public void A_script_is_well_formed(string script) =>
        Assert.Equal((0, ""), Bash($"bash -n '{Path.Combine(Checkout(), script)}'"));

    [Theory]
    [InlineData("mkdir -p src && touch src/a", "stale")]
    [InlineData("mkdir -p src && touch src/a && touch -d '1 hour' stamp", "fresh")]
    [InlineData("mkdir -p src && touch -d '1 hour' stamp && touch -d '2 hours' src/a", "stale")]
    [InlineData("mkdir -p src/obj && touch -d '1 hour' stamp && touch -d '2 hours' src/obj/a", "fresh")]
    [InlineData("mkdir -p src && touch src/a && touch -d '1 hour' stamp && rm src/a && touch -d '2 hours' src", "stale")]
    public void A_build_is_due_when_a_source_is_newer_than_the_stamp(string arrange, string expected) =>
        Assert.Equal((0, expected), Bash($"{Setup}; {arrange}; if fresh stamp src; then echo fresh; else echo stale; fi"));

    [Fact]
    public void Another_libtorch_gets_another_build_folder()
    {
        var version = @"'#define TORCH_VERSION_MAJOR 2\n#define TORCH_VERSION_MINOR 13\n#define TORCH_VERSION_PATCH 4\n'";
        var make = "for d in a b; do mkdir -p $d/include/torch; printf " + version + " >$d/include/torch/version.h; done";
        var (status, output) = Bash($"{Setup}; {make}; for LIBTORCH in a b a; do find_libtorch; echo $build; done");

        var folders = output.Split('\n');
        Assert.Equal(0, status);
        Assert.Equal(folders[0], folders[2]);
        Assert.NotEqual(folders[0], folders[1]);
        Assert.All(folders, folder => Assert.StartsWith(_folder + "/native/build/2.13-", folder, StringComparison.Ordinal));
    }

    [Fact]
    public void A_libtorch_that_is_not_there_is_named()
    {
        var (status, output) = Bash($"{Setup}; LIBTORCH=nowhere; find_libtorch 2>&1");

        Assert.Equal(1, status);
        Assert.Contains("LIBTORCH=nowhere: no such folder", output, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_missing_is_named_with_the_command_where_it_may_not_be_installed()
    {
        const string Stubs = "id() { echo 1000; }; find_libtorch() { return 1; }; has_blas() { return 1; }; sudo() { return 1; }";
        var (status, output) = Bash($"{Setup}; {Stubs}; (install_packages) 2>&1");

        Assert.Equal(1, status);
        Assert.Matches("apt-get install -y --no-install-recommends .*libtorch-dev libopenblas0-openmp", output);
    }

    [Fact]
    public void Outcomes_and_reasons_are_read_from_the_results()
    {
        const string Trx = """
            <UnitTestResult testName="a" outcome="Passed" />
            <UnitTestResult testName="b" outcome="Failed"><Output><ErrorInfo><Message>wrong</Message></ErrorInfo></Output></UnitTestResult>
            <UnitTestResult testName="c" outcome="NotExecuted">
              <Output><ErrorInfo><Message>no &quot;GPU&quot; here</Message></ErrorInfo></Output></UnitTestResult>
            """;
        File.WriteAllText(Path.Combine(_folder, "a.trx"), Trx);
        var (_, output) = Bash($"{Setup}; . '{Checkout()}/eng/results.sh'; results=$root; outcomes a.trx Passed; failed=$(outcomes a.trx Failed); skipped=$(outcomes a.trx NotExecuted); trap - EXIT; print_results; echo $?");

        Assert.Equal(["1", "skipped:", "     1  no \"GPU\" here", "0 passed, 1 failed, 1 skipped", "1"], output.Split('\n'));
    }

    [Theory]
    [InlineData("", "")]
    [InlineData(": >$state/working; ", "another set-up is at work here, waiting for it")]
    public void Only_a_set_up_that_works_is_waited_for_aloud(string arrange, string expected)
    {
        var (status, output) = Bash($"{Setup}; mkdir -p $state; {arrange}(flock 9; touch held; sleep 1.5) 9>$state/lock & until [ -e held ]; do sleep 0.05; done; lock_setup 2>&1; [ ! -e $state/working ] || echo left");

        Assert.Equal(0, status);
        Assert.Equal(expected, output.Replace("parallel-r1: ", "", StringComparison.Ordinal));
    }

    private string Setup => $"root='{_folder}'; cd '{_folder}'; . '{Checkout()}/eng/setup.sh'; set +e";

    private static string Checkout()
    {
        Assert.SkipWhen(KnownFolders.Checkout is null, "the tests run outside of a checkout: there are no scripts to try");
        return KnownFolders.Checkout!;
    }

    private static (int Status, string Output) Bash(string command)
    {
        using var process = Process.Start(new ProcessStartInfo("bash", ["-c", command]) { RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output.TrimEnd());
    }
}
