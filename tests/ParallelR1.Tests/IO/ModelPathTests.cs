using ParallelR1.IO;
using ParallelR1.Models;
using ParallelR1.Tokenization;

namespace ParallelR1.Tests.IO;

public sealed class ModelPathTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public ModelPathTests()
    {
        Directory.CreateDirectory(_folder["models/small-tags"]);
        File.WriteAllText(_folder["models/small-tags/config.json"], "{}");
        Directory.CreateDirectory(_folder["converted"]);
        File.WriteAllText(_folder["converted/weights.gguf"], "GGUF");
        File.WriteAllText(_folder["unnamed"], "GGUF");
        File.WriteAllText(_folder["notes"], "x");
    }

    [Theory]
    [InlineData("models/smal-tags", "no such model folder; did you mean '", "small-tags'?")]
    [InlineData("absent/small-tags-of-old", "no such model folder", "")]
    [InlineData("converted/weights.gguf", "is a GGUF file", "parallel-r1 model convert ")]
    [InlineData("unnamed", "is a GGUF file", "parallel-r1 model convert ")]
    [InlineData("converted", "holds no config.json", "weights.gguf --out weights")]
    [InlineData("absent.gguf", "no such file", "parallel-r1 model convert ")]
    [InlineData("notes", "is a file, expected a model folder", "")]
    [InlineData("models/small-tags/config.json", "is a file, expected a model folder; give the folder that holds it", "small-tags")]
    public void What_is_no_model_folder_is_named_with_what_to_do(string path, string found, string advice)
    {
        var message = Assert.Throws<UsageException>(() => ModelConfig.Load(_folder[path])).Message;

        Assert.Contains(found, message, StringComparison.Ordinal);
        Assert.Contains(advice, message, StringComparison.Ordinal);
        Assert.Contains(found, Assert.Throws<UsageException>(() => Tokenizer.Load(_folder[path])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_with_a_tokenizer_alone_is_offered_where_that_is_enough()
    {
        Directory.CreateDirectory(_folder["models/small-tokenizer"]);
        File.WriteAllText(_folder["models/small-tokenizer/tokenizer.json"], "{}");

        Assert.DoesNotContain("small-tokenizer'", Assert.Throws<UsageException>(() => ModelConfig.Load(_folder["models/small-tokenize"])).Message, StringComparison.Ordinal);
        Assert.Contains("small-tokenizer'?", Assert.Throws<UsageException>(() => Tokenizer.Load(_folder["models/small-tokenize"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_name_of_a_model_on_the_hub_is_advised_to_be_pulled() =>
        Assert.Contains("parallel-r1 model pull Some-Org/Model-1.5B --out Model-1.5B", Assert.Throws<UsageException>(() => ModelPath.Require("Some-Org/Model-1.5B")).Message, StringComparison.Ordinal);

    [Fact]
    public void A_folder_without_a_tokenizer_is_not_one_that_does_not_exist()
    {
        Directory.CreateDirectory(_folder["empty"]);

        Assert.Contains("no tokenizer.json there", Assert.Throws<UsageException>(() => Tokenizer.Load(_folder["empty"])).Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();
}
