using ParallelR1.Training;

namespace ParallelR1.Tests.Training;

public sealed class TrainingCodeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public TrainingCodeTests() => Write("src/ParallelR1/Rewards/A.cs", "class A\n{\n}\n");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_changes_the_outcome_changes_the_hash()
    {
        var before = TrainingCode.HashOf(_folder.FullPath);

        Write("src/ParallelR1/Rewards/A.cs", "class A\n{\n    int x;\n}\n");

        Assert.NotEqual(before, TrainingCode.HashOf(_folder.FullPath));
    }

    [Theory]
    [InlineData("src/ParallelR1/Rewards/A.cs", "/// <summary>New words.</summary>\nclass A\n{\n\n  }\n")]
    [InlineData("src/ParallelR1/Rewards/obj/B.cs", "class B;")]
    [InlineData("src/ParallelR1/Runs/B.cs", "class B;")]
    [InlineData("docs/b.md", "words")]
    public void Comments_indentation_and_what_only_prints_or_stores_do_not(string file, string text)
    {
        var before = TrainingCode.HashOf(_folder.FullPath);

        Write(file, text);

        Assert.Equal(before, TrainingCode.HashOf(_folder.FullPath));
    }

    private void Write(string file, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder[file])!);
        File.WriteAllText(_folder[file], text);
    }
}
