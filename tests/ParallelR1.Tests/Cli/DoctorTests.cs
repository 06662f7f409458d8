using System.Text.Json.Nodes;
using ParallelR1.Cli.Commands;
using ParallelR1.Cli.Doctor;
using ParallelR1.Generation;
using ParallelR1.Torch;

namespace ParallelR1.Tests.Cli;

public sealed class DoctorTests
{
    /// <summary>Sums kept in bf16, as some libraries do: of 256 ones and then as many more, half is lost.</summary>
    [Fact]
    public void A_product_that_was_summed_in_bf16_is_found_wrong()
    {
        var ones = Enumerable.Repeat(1f, 512).ToArray();

        Assert.Equal("element (0, 0) is 256, right is 512", ProductCheck.FirstDifference([256], ones, ones, (1, 512, 1), ScalarType.BFloat16));
        Assert.Null(ProductCheck.FirstDifference([514], ones, ones, (1, 512, 1), ScalarType.BFloat16));
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
    [InlineData(3.0, null, "bf16", FindingLevel.Ok)]
    [InlineData(1.29, null, "f32", FindingLevel.Note)]
    [InlineData(0.14, null, "f32", FindingLevel.Note)]
    [InlineData(3.0, "element (0, 0) is 1.109, right is 0.742", "f32", FindingLevel.Note)]
    public void Auto_takes_bf16_only_where_it_is_right_and_fast_and_the_report_stays_green(double speed, string? wrong, string auto, object level)
    {
        var measured = new DtypeMeasurement { F32Gflops = 100, Bf16Gflops = 100 * speed, Bf16Speed = speed, Bf16Error = 0, Bf16Wrong = wrong };

        Assert.Equal(auto, measured.AutoName);
        Assert.Equal((FindingLevel)level, Compute.JudgeHalf("bf16 product", measured).Level);
        Assert.Null(measured.Objection(measured.Auto));
    }

    [Theory]
    [InlineData(3.0, null, "f32", "f32 is slow on this device, 3.0 times slower than bf16; dtype auto would take bf16")]
    [InlineData(1.15, null, "bf16", "bf16 is only 1.15 times as fast as f32 on this device, and rounds more; dtype auto would take f32")]
    [InlineData(0.5, null, "bf16", "bf16 is slow on this device, 2.0 times slower than f32; dtype auto would take f32")]
    [InlineData(3.0, "1.109, right is 0.742", "bf16", "bf16 computes wrongly on this device (1.109, right is 0.742); dtype auto would take f32")]
    public void A_type_that_auto_would_not_take_is_objected_to(double speed, string? wrong, string asked, string expected)
    {
        var measured = new DtypeMeasurement { F32Gflops = 100, Bf16Gflops = 100 * speed, Bf16Speed = speed, Bf16Error = 0, Bf16Wrong = wrong };

        Assert.Equal(expected, measured.Objection(asked == "bf16" ? ScalarType.BFloat16 : ScalarType.Float32));
    }

    [Fact]
    public void A_measurement_belongs_to_everything_that_influences_speed()
    {
        var here = ComputeEnvironment.Current;
        ComputeEnvironment[] others =
        [
            here with { Processor = "another" }, here with { Libtorch = "another" }, here with { Capability = "another" }, here with { Kernels = "another" },
            here with { OneDnn = "another" }, here with { OpenBlas = "another" }, here with { Threads = here.Threads + 1 }, here,
        ];

        Assert.Equal(others.Length, others.Select(other => DtypeMeter.Key(Device.Cpu, other)).Distinct().Count());
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
