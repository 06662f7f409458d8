using System.Text.Json.Nodes;
using ParallelR1.Data;
using ParallelR1.Evaluation;
using ParallelR1.Generation;
using ParallelR1.Tests.Tokenization;
using ParallelR1.Thinking;
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
    public void A_problem_with_a_chat_before_it_is_asked_with_all_of_it()
    {
        using var model = Load();
        ChatMessage[] earlier = [new("system", "be brief"), new("user", "hi"), new("assistant", "yes?")];

        var prompt = model.Encode(new ProblemTemplate("Problem: {Problem}"), Chat(earlier));

        var expected = ChatTemplate.Named("plain").Render([.. earlier, new ChatMessage("user", "Problem: 1 + 1")], addGenerationPrompt: true);
        Assert.Equal(model.EncodeRaw(expected), prompt);
    }

    [Fact]
    public void A_chat_without_a_chat_template_is_refused_by_the_problems_name()
    {
        var config = JsonNode.Parse(File.ReadAllText(_folder["tokenizer_config.json"]))!.AsObject();
        config.Remove("chat_template");
        File.WriteAllText(_folder["tokenizer_config.json"], config.ToJsonString());
        File.Delete(_folder["chat_template.jinja"]);
        using var model = new LanguageModel(RandomDecoder.Create(TinyTokenizer.Instance.IdLimit), Tokenizer.Load(_folder.FullPath));

        var error = Assert.Throws<InputException>(() => model.Encode(new ProblemTemplate("{Problem}"), Chat([new ChatMessage("system", "be brief")])));

        Assert.StartsWith("problem 'p': 2 messages (system, user) need a chat template", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_vocabulary_larger_than_the_matrix_is_an_error() =>
        Assert.Throws<InputException>(() => new LanguageModel(RandomDecoder.Create(100), TinyTokenizer.Instance));

    private static Problem Chat(ChatMessage[] earlier) => new("p", "1 + 1", "2", null, "", "", []) { Earlier = earlier };

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
