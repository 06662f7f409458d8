using System.Text.Json.Nodes;
using ParallelR1.Tokenization;

namespace ParallelR1.Tests.Tokenization;

/// <summary>Special tokens that only the files beside tokenizer.json name; expected is what transformers 5.23 gave for the same files.</summary>
public sealed class NamedTokenTests : IDisposable
{
    private static readonly int s_limit = TinyTokenizer.Instance.IdLimit;
    private readonly TemporaryFolder _folder = new();

    public NamedTokenTests() => TinyTokenizer.Instance.Save(_folder.FullPath);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("""{"added_tokens_decoder": {"NEXT": {"content": "<x>", "special": true}}}""")]
    [InlineData("""{"additional_special_tokens": ["<x>"]}""")]
    [InlineData("""{"extra_special_tokens": ["<x>"]}""")]
    [InlineData("""{"extra_special_tokens": {"image_token": "<x>"}}""")]
    [InlineData("""{"model_specific_special_tokens": {"image_token": "<x>"}}""")]
    [InlineData("""{"pad_token": "<x>"}""")]
    [InlineData("""{"bos_token": {"__type": "AddedToken", "content": "<x>"}}""")]
    public void A_token_that_only_the_config_names_is_one_token(string config)
    {
        var tokenizer = With(config);
        Assert.Equal([.. Ids("a"), s_limit, .. Ids("b")], tokenizer.Encode("a<x>b"));
        Assert.True(tokenizer.IsSpecial(s_limit));
        Assert.Empty(tokenizer.Warnings);
    }

    [Fact]
    public void The_map_counts_where_the_config_has_no_added_tokens_decoder()
    {
        const string Map = """{"additional_special_tokens": ["<x>"], "pad_token": "[PAD]"}""";
        var tokenizer = With("{}", Map);
        Assert.Equal([s_limit, s_limit + 1], tokenizer.Encode("[PAD]<x>"));
        Assert.Equal(s_limit, tokenizer.PadId);
        Assert.Equal(s_limit, With("""{"added_tokens_decoder": {}}""", Map).IdLimit);
    }

    [Fact]
    public void Roles_come_before_lists_and_extra_before_additional_tokens()
    {
        var tokenizer = With("""{"additional_special_tokens": ["<y>"], "extra_special_tokens": ["<x>"], "pad_token": "<p>", "bos_token": "<b>"}""");
        Assert.Equal([s_limit, s_limit + 1, s_limit + 2], tokenizer.Encode("<b><p><x>"));
        Assert.Null(tokenizer.IdOf("<y>"));
    }

    [Fact]
    public void Flags_are_those_of_the_config()
    {
        var id = TinyTokenizer.Instance.IdOf("<Path>")!.Value;
        var tokenizer = With($$"""{"added_tokens_decoder": {"{{id}}": {"content": "<Path>", "lstrip": true, "rstrip": true, "special": true} } }""");
        Assert.Equal([.. Ids("a"), id, .. Ids("b")], tokenizer.Encode("a  <Path> b"));
    }

    [Fact]
    public void A_role_makes_a_known_token_special_and_keeps_its_other_flags()
    {
        var id = TinyTokenizer.Instance.IdOf("<Path>")!.Value;
        var tokenizer = With($$"""{"pad_token": "<Path>", "added_tokens_decoder": {"{{id}}": {"content": "<Path>", "lstrip": true, "special": false} } }""");
        Assert.True(tokenizer.IsSpecial(id));
        Assert.Equal([.. Ids("a"), id], tokenizer.Encode("a  <Path>"));
    }

    [Fact]
    public void An_id_that_is_not_the_next_one_is_not_given_and_said()
    {
        var tokenizer = With($$"""{"added_tokens_decoder": {"{{s_limit + 30}}": {"content": "<x>", "special": true} } }""");
        Assert.Equal([s_limit], tokenizer.Encode("<x>"));
        Assert.Contains($"\"<x>\" the id {s_limit + 30}; it has {s_limit}", Assert.Single(tokenizer.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void A_word_of_the_vocabulary_keeps_its_id()
    {
        var id = Assert.Single(Ids("a"));
        var tokenizer = With("""{"pad_token": "a"}""");
        Assert.True(tokenizer.IsSpecial(id));
        Assert.Equal(s_limit, tokenizer.IdLimit);
    }

    [Fact]
    public void An_end_of_text_token_that_does_not_exist_is_an_error()
    {
        var error = Assert.Throws<InputException>(() => With("""{"eos_token": "<nope>"}"""));
        Assert.Contains("tokenizer_config.json: eos_token is \"<nope>\"", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_a_key_given_twice_the_last_value_counts() =>
        Assert.Equal(TinyTokenizer.Instance.IdOf("<Path>"), With("""{"eos_token": "<nope>", "eos_token": "<Path>"}""").EosId);

    [Fact]
    public void A_leading_version_line_among_the_merges_is_skipped()
    {
        var file = _folder["tokenizer.json"];
        var root = JsonNode.Parse(File.ReadAllText(file))!;
        var merges = root["model"]!["merges"]!.AsArray();
        merges.Insert(0, merges[0] is JsonArray ? new JsonArray("#version:", "0.2") : "#version: 0.2");
        File.WriteAllText(file, root.ToJsonString());
        Assert.Equal(TinyTokenizer.Instance.Encode(TinyTokenizer.Texts[0]), Tokenizer.Load(_folder.FullPath).Encode(TinyTokenizer.Texts[0]));
    }

    [Fact]
    public void A_byte_order_mark_before_the_chat_template_is_passed_over()
    {
        File.WriteAllText(_folder["chat_template.jinja"], "\uFEFF" + ChatTemplate.Named("plain").Jinja);
        Assert.Equal("plain", Tokenizer.Load(_folder.FullPath).ChatTemplateFor().Name);
    }

    [Fact]
    public void What_was_named_is_saved()
    {
        using var copy = new TemporaryFolder();
        With("""{"pad_token": "[PAD]", "model_max_length": Infinity}""").Save(copy.FullPath);
        Assert.Equal([s_limit], Tokenizer.Load(copy.FullPath).Encode("[PAD]"));
    }

    private static int[] Ids(string text) => TinyTokenizer.Instance.Encode(text);

    private Tokenizer With(string config, string? map = null)
    {
        File.WriteAllText(_folder["tokenizer_config.json"], config.Replace("NEXT", $"{s_limit}", StringComparison.Ordinal));
        if (map is not null)
            File.WriteAllText(_folder["special_tokens_map.json"], map);
        return Tokenizer.Load(_folder.FullPath);
    }
}
