using System.Text.Json.Nodes;
using ParallelR1.Cli.Commands;
using ParallelR1.Cli.Doctor;
using ParallelR1.Torch;

namespace ParallelR1.Tests.Cli;

public sealed class DoctorTests
{
    [Fact]
    public void Products_of_the_installed_libtorch_are_right()
    {
        Assert.Null(ProductCheck.FirstError(Device.Cpu, ScalarType.Float32));
        Assert.Null(ProductCheck.FirstError(Device.Cpu, ScalarType.BFloat16));
    }

    [Theory]
    [InlineData(11f, null)]
    [InlineData(11.0001f, "element (0, 0) is 11.0001, right is 11")]
    [InlineData(float.NaN, "element (0, 0) is NaN, right is 11")]
    public void A_wrong_element_of_a_product_is_named(float found, string? expected) =>
        Assert.Equal(expected, ProductCheck.FirstDifference([found], [1, 2], [3, 4], (1, 2, 1), ScalarType.Float32));

    [Theory]
    [InlineData(100, 190, 0, FindingLevel.Ok)]
    [InlineData(100, 90, 0, FindingLevel.Ok)]
    [InlineData(100, 60, 0, FindingLevel.Wrong)]
    [InlineData(100, 60, 2, FindingLevel.Note)]
    [InlineData(3, 6, 0, FindingLevel.Wrong)]
    [InlineData(3, 6, 2, FindingLevel.Note)]
    public void Slow_products_and_harmful_threads_are_reported(double one, double all, double load, object level)
    {
        var finding = Compute.JudgeSpeed("f32 product", new Rates(one, all, 2), peak: 110, load);

        Assert.Equal((FindingLevel)level, finding.Level);
        Assert.Equal(finding.Level == FindingLevel.Ok, finding.Remedy is null);
    }

    [Theory]
    [InlineData("/usr/lib/x86_64-linux-gnu/blas/libblas.so.3.11.0", null, FindingLevel.Wrong, "reference BLAS")]
    [InlineData("/usr/lib/x86_64-linux-gnu/openblas-pthread/libopenblasp-r0.3.21.so", "OpenBLAS 0.3.21 DYNAMIC_ARCH Haswell", FindingLevel.Note, "threads are its own")]
    [InlineData("/usr/lib/x86_64-linux-gnu/openblas-openmp/libopenblasp-r0.3.21.so", "OpenBLAS 0.3.21 DYNAMIC_ARCH USE_OPENMP Haswell", FindingLevel.Ok, "USE_OPENMP")]
    [InlineData("/opt/torch/lib/libtorch_cpu.so", null, FindingLevel.Ok, "inside libtorch")]
    public void The_BLAS_is_recognised_among_the_mapped_files(string file, string? config, object level, string text)
    {
        var finding = BlasLibrary.Judge(["/usr/lib/libc.so.6", file], _ => config);

        Assert.Equal((FindingLevel)level, finding.Level);
        Assert.Contains(text, finding.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_wrong_finding_is_printed_with_its_remedy_and_fails_the_command()
    {
        using var lines = new StringWriter();
        using var json = new StringWriter();
        Finding[] findings = [Finding.Ok("libtorch", "2.13.0"), Finding.Wrong("BLAS", "slow", "install another")];

        Assert.Equal(1, DoctorCommand.Run(findings, json: false, lines));
        Assert.Equal(1, DoctorCommand.Run(findings, json: true, json));
        Assert.Contains("-> install another", lines.ToString(), StringComparison.Ordinal);
        var value = JsonNode.Parse(json.ToString())!;
        Assert.False((bool)value["ok"]!);
        Assert.Equal("install another", (string?)value["findings"]![1]!["remedy"]);
        Assert.Equal(0, DoctorCommand.Run(findings[..1], json: false, lines));
    }

    [Fact]
    public void The_machine_itself_is_described_without_an_error() =>
        Assert.All(Machine.Examine(), finding => Assert.NotEqual(FindingLevel.Wrong, finding.Level));
}
