using System.Security.Cryptography;
using System.Text;
using ParallelR1.Data;
using ParallelR1.Data.Synthetic;

namespace ParallelR1.Tests.Data.Synthetic;

/// <summary>What is drawn stays the same byte for byte: figures that were measured on it, and models that were trained on it, depend on that.</summary>
public sealed class DrawnProblemsTests
{
    [Fact]
    public void The_files_of_a_folder_are_what_they_were()
    {
        using var folder = new TemporaryFolder();
        SyntheticFolder.Write(folder.FullPath, new SyntheticFolderOptions { Seed = 9, Easy = 300, Hard = 200, EasyTest = 60, HardTest = 60, Sequential = 400, ColdStart = 100 });

        Assert.Equal("6b2e906f0f74f0f78dcf190f0c65ccf7", Hash(Directory.GetFiles(folder.FullPath).Order(StringComparer.Ordinal).Select(file => $"{Path.GetFileName(file)}\n{File.ReadAllText(file)}")));
    }

    [Fact]
    public void The_rows_of_endless_sets_are_what_they_were() =>
        Assert.Equal("029f6cc7c874d15ee09fdf6eb1b7c110", Hash(SyntheticSets.Names.SelectMany(name => SyntheticSets.Rows(name, 1).Take(60)).Select(row => row.ToJsonString())));

    [Theory]
    [InlineData("synthetic-easy-test", "9e6b9dfa4c9d86b0fd3e3c1abf38f7ea")]
    [InlineData("synthetic-hard-validation", "cde9c41db26783f74b3945a41e2657bb")]
    [InlineData("synthetic-hard-test", "4808838502e4a33877e5502115699996")]
    public void The_problems_of_known_sets_are_what_they_were(string name, string expected) =>
        Assert.Equal(expected, Hash(ProblemSet.Load(name).Select(p => p.ToJson().ToJsonString())));

    private static string Hash(IEnumerable<string> texts) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', texts))))[..32];
}
