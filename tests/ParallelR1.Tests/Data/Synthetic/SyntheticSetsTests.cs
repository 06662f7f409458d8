using ParallelR1.Data.Synthetic;

namespace ParallelR1.Tests.Data.Synthetic;

public sealed class SyntheticSetsTests
{
    [Fact]
    public void A_row_depends_on_name_seed_and_index_alone()
    {
        foreach (var name in SyntheticSets.Names)
        {
            var rows = SyntheticSets.Rows(name, 1).Take(20).Select(x => x.ToJsonString()).ToArray();

            Assert.Equal(rows, SyntheticSets.Rows(name, 1).Take(20).Select(x => x.ToJsonString()));
            Assert.NotEqual(rows, SyntheticSets.Rows(name, 2).Take(20).Select(x => x.ToJsonString()));
        }
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.3)]
    [InlineData(1.0)]
    public void The_hard_share_is_kept(double share)
    {
        var hard = SyntheticSets.Rows(SyntheticSets.SequentialSolutions, 1, share).Take(2000).Count(x => (string)x["meta"]!["difficulty"]! == "hard");

        Assert.InRange(hard / 2000.0, share - 0.04, share + 0.04);
    }

    [Fact]
    public void An_unknown_set_is_named_with_those_there_are()
    {
        var error = Assert.Throws<UsageException>(() => SyntheticSets.Rows("synthetic-medium", 1));

        Assert.Contains("synthetic-cold-start", error.Message, StringComparison.Ordinal);
    }
}
