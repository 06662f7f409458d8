using System.Text.Json.Nodes;
using ParallelR1.Generation;
using ParallelR1.Tests.Tokenization;
using ParallelR1.Tokenization;

namespace ParallelR1.Tests.Generation;

public sealed class LanguageModelTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly int _begin = TinyTokenizer.Instance.EosId!.Value;

    public LanguageModelTests() => TinyTokenizer.Instance.Save(_folder.FullPath);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Begin_of_text_stands_before_a_prompt_where_the_post_processor_puts_it()
    {
        using var model = Begun();
        var plain = TinyTokenizer.Instance.Encode(ChatTemplate.Named("plain").Render([new ChatMessage("user", "hi")], addGenerationPrompt: true));
        Assert.Equal([_begin, .. plain], model.EncodePrompt("hi"));
        Assert.Equal([_begin, .. TinyTokenizer.Instance.Encode("hi")], model.EncodeRaw("hi"));
    }

    [Fact]
    public void A_text_that_begins_with_it_gets_no_second_one()
    {
        using var model = Begun();
        Assert.Equal([_begin, .. TinyTokenizer.Instance.Encode("hi")], model.EncodeRaw("<|endoftext|>hi"));
    }

    [Fact]
    public void Without_such_a_post_processor_nothing_is_added()
    {
        using var model = Load();
        Assert.Equal(TinyTokenizer.Instance.Encode("hi"), model.EncodeRaw("hi"));
    }

    [Fact]
    public void An_added_token_beyond_the_matrix_is_an_error_only_where_a_text_holds_it()
    {
        var config = _folder["tokenizer_config.json"];
        var root = JsonNode.Parse(File.ReadAllText(config))!;
        root["pad_token"] = "[PAD]";
        File.WriteAllText(config, root.ToJsonString());
        using var model = Load();
        Assert.NotEmpty(model.EncodePrompt("hi"));
        Assert.Contains("[PAD]", Assert.Single(model.Warnings), StringComparison.Ordinal);
        Assert.Contains("[PAD]", Assert.Throws<InputException>(() => model.EncodePrompt("hi [PAD]")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_vocabulary_larger_than_the_matrix_is_an_error() =>
        Assert.Throws<InputException>(() => new LanguageModel(RandomDecoder.Create(100), TinyTokenizer.Instance));

    private LanguageModel Begun()
    {
        var file = _folder["tokenizer.json"];
        var root = JsonNode.Parse(File.ReadAllText(file))!;
        root["post_processor"] = DefinitionShell.BeginWith("<|endoftext|>", _begin);
        File.WriteAllText(file, root.ToJsonString());
        return Load();
    }

    private LanguageModel Load() => new(RandomDecoder.Create(TinyTokenizer.Instance.IdLimit), Tokenizer.Load(_folder.FullPath), "plain");
}
