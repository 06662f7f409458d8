using ParallelR1.Data;
using ParallelR1.IO;

namespace ParallelR1.Tests.Data;

public class NamedRowsTests
{
    [Theory]
    [InlineData("synthetic-hard-test", "solution")]
    [InlineData("synthetic-cold-start", "response")]
    [InlineData("synthetic-sequential", "response")]
    public void A_set_is_read_by_name(string name, string field)
    {
        var rows = NamedRows.Read(name).Take(3).ToList();
        Assert.Equal([$"{name}-0", $"{name}-1", $"{name}-2"], rows.Select(r => (string)r["id"]!));
        Assert.All(rows, r => Assert.NotEmpty((string)r[field]!));
    }

    [Theory]
    [InlineData("synthetic-cold-start", 10_000)]
    [InlineData("synthetic-sequential", 40_000)]
    public void A_set_that_is_made_has_as_many_rows_as_the_list_says(string name, int count)
    {
        Assert.Equal(count, ExampleSets.Find(name)!.Problems);
        Assert.Equal(count, NamedRows.Read(name).Count());
    }

    [Fact]
    public void A_file_goes_before_a_name_and_an_unknown_name_offers_the_nearest()
    {
        using var folder = new TemporaryFolder();
        Assert.Equal("{\"a\":1}", Assert.Single(NamedRows.Read(folder.Write("rows.jsonl", "{\"a\":1}"))).ToJsonString());
        Assert.Contains("did you mean 'synthetic-cold-start'?", Assert.Throws<UsageException>(() => NamedRows.Read("synthetic-coldstart")).Message);
    }

    [Fact]
    public void Examples_are_no_suite() =>
        Assert.Contains("holds examples", Assert.Throws<UsageException>(() => ProblemSet.Load("synthetic-cold-start").First()).Message);

    [Fact]
    public void Every_set_that_a_recipe_names_is_known()
    {
        Assert.SkipWhen(KnownFolders.Checkout is null, "the recipes lie in the checkout");
        var named = from file in Directory.GetFiles(Path.Combine(KnownFolders.Checkout!, "recipes"), "*.yaml", SearchOption.AllDirectories)
                    from line in File.ReadAllLines(file)
                    let match = System.Text.RegularExpressions.Regex.Match(line, @"^\s*(?:train|validation):\s*([\w-]+)\s*$|suite:\s*([\w-]+)")
                    where match.Success && !match.Value.EndsWith("null", StringComparison.Ordinal)
                    select match.Groups[1].Success ? match.Groups[1].Value : match.Groups[2].Value;
        Assert.NotEmpty(named);
        Assert.DoesNotContain(named.Distinct(), n => KnownSets.Find(n) is null && ExampleSets.Find(n) is null);
    }
}
