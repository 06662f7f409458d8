using System.Text;
using System.Text.Json.Nodes;
using ParallelR1.Tokenization;

namespace ParallelR1.Tests.Tokenization;

public sealed class HostileTokenizerTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("tokenizer");
    private readonly string _file;

    public HostileTokenizerTests()
    {
        TinyTokenizer.Instance.Save(_folder.FullName);
        _file = Path.Combine(_folder.FullName, "tokenizer.json");
    }

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void What_was_saved_loads_to_the_same_behaviour()
    {
        var loaded = Tokenizer.Load(_folder.FullName);
        foreach (var text in TinyTokenizer.Texts)
            Assert.Equal(TinyTokenizer.Instance.Encode(text), loaded.Encode(text));
        Assert.Equal(TinyTokenizer.Instance.EosId, loaded.EosId);
        Assert.Equal("plain", loaded.ChatTemplateFor().Name);
    }

    [Fact]
    public void A_missing_folder_or_file_is_wrong_usage() =>
        Assert.Throws<UsageException>(() => Tokenizer.Load(Path.Combine(_folder.FullName, "nowhere")));

    [Theory]
    [InlineData("""{"normalizer": {"type": "Lowercase"}}""", "Lowercase")]
    [InlineData("""{"normalizer": {"type": "Sequence", "normalizers": [{"type": "NFC"}, {"type": "Strip"}]}}""", "Strip")]
    [InlineData("""{"pre_tokenizer": {"type": "Metaspace"}}""", "Metaspace")]
    [InlineData("""{"pre_tokenizer": {"type": "Digits"}}""", "ByteLevel")]
    [InlineData("""{"pre_tokenizer": null}""", "pre_tokenizer")]
    [InlineData("""{"pre_tokenizer": [1]}""", "pre_tokenizer")]
    [InlineData("""{"decoder": {"type": "WordPiece"}}""", "WordPiece")]
    [InlineData("""{"decoder": null}""", "decoder")]
    [InlineData("""{"post_processor": {"type": "BertProcessing"}}""", "BertProcessing")]
    [InlineData("""{"post_processor": {"type": "TemplateProcessing", "single": 7}}""", "special_tokens")]
    [InlineData("""{"model": {"type": "Unigram", "vocab": [["a", 0.5]]}}""", "Unigram")]
    [InlineData("""{"model": {"type": "BPE", "vocab": {"a": 0}}}""", "merges")]
    [InlineData("""{"model": {"type": "BPE", "vocab": {"a": -1}, "merges": []}}""", "\"a\"")]
    [InlineData("""{"model": {"type": "BPE", "vocab": {"a": 2147483647}, "merges": []}}""", "2147483647")]
    [InlineData("""{"model": {"type": "BPE", "vocab": {"a": 1.5}, "merges": []}}""", "\"a\"")]
    [InlineData("""{"model": {"type": "BPE", "vocab": {"a": 0, "b": 0}, "merges": []}}""", "id 0")]
    [InlineData("""{"model": {"type": "BPE", "vocab": {"a": 0, "b": 1}, "merges": ["a b"]}}""", "\"ab\"")]
    [InlineData("""{"model": {"type": "BPE", "vocab": {"a": 0, "b": 1}, "merges": ["ab"]}}""", "merge 0")]
    [InlineData("""{"model": {"type": "BPE", "vocab": {"a": 0, "b": 1}, "merges": [["a"]]}}""", "merge 0")]
    [InlineData("""{"model": {"type": "BPE", "vocab": {"a": 0, "b": 1}, "merges": [7]}}""", "merge 0")]
    [InlineData("""{"model": {"type": "BPE", "dropout": 0.5, "vocab": {"a": 0}, "merges": []}, "added_tokens": []}""", "dropout")]
    [InlineData("""{"model": {"type": "BPE", "byte_fallback": true, "vocab": {"a": 0}, "merges": []}, "added_tokens": []}""", "byte_fallback")]
    [InlineData("""{"added_tokens": [{"id": 1, "content": "<x>"}]}""", "<x>")]
    [InlineData("""{"added_tokens": [{"id": -1, "content": "<x>"}]}""", "added_tokens[0]")]
    [InlineData("""{"added_tokens": [{"id": 900, "content": "<x>"}, {"id": 900, "content": "<y>"}]}""", "<y>")]
    [InlineData("""{"added_tokens": {"id": 900}}""", "added_tokens")]
    [InlineData("""{"added_tokens": [{"id": 2147483647, "content": "<x>"}]}""", "2147483647")]
    public void What_is_unknown_or_damaged_is_named(string changes, string named)
    {
        var root = JsonNode.Parse(File.ReadAllText(_file))!.AsObject();
        foreach (var (name, node) in JsonNode.Parse(changes)!.AsObject())
            root[name] = node?.DeepClone();
        File.WriteAllText(_file, root.ToJsonString());
        var error = Assert.Throws<InputException>(() => Tokenizer.Load(_folder.FullName));
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_cut_anywhere_is_an_error()
    {
        var bytes = File.ReadAllBytes(_file);
        for (var length = 0; length < bytes.Length - 2; length += Math.Max(1, bytes.Length / 97))
        {
            File.WriteAllBytes(_file, bytes[..length]);
            Assert.Throws<InputException>(() => Tokenizer.Load(_folder.FullName));
        }
    }

    [Fact]
    public void A_file_with_any_byte_changed_loads_or_is_an_error()
    {
        var bytes = File.ReadAllBytes(_file);
        var key = RandomKey.FromSeed(5);
        for (var i = 0; i < 400; i++)
        {
            var changed = bytes.ToArray();
            changed[key.Next(bytes.Length, 2 * i)] = (byte)key.Next(256, 2 * i + 1);
            File.WriteAllBytes(_file, changed);
            try
            {
                Tokenizer.Load(_folder.FullName).Encode(TinyTokenizer.Texts[0]);
            }
            catch (InputException)
            {
                // The only error there may be.
            }
        }
    }

    [Theory]
    [InlineData("[")]
    [InlineData("""{"a":""")]
    public void Deep_nesting_is_an_error(string opening)
    {
        File.WriteAllText(_file, $$"""{"version": {{string.Concat(Enumerable.Repeat(opening, 100_000))}}""");
        Assert.Throws<InputException>(() => Tokenizer.Load(_folder.FullName));
    }

    [Theory]
    [InlineData("tokenizer_config.json", "{")]
    [InlineData("tokenizer_config.json", "[]")]
    [InlineData("tokenizer_config.json", """{"eos_token": "<nope>"}""")]
    [InlineData("tokenizer_config.json", """{"added_tokens_decoder": {"x": {"content": "<x>"}}}""")]
    [InlineData("tokenizer_config.json", """{"added_tokens_decoder": {"400": {"lstrip": true}}}""")]
    [InlineData("tokenizer_config.json", """{"eos_token": "\ud800"}""")]
    [InlineData("special_tokens_map.json", "nonsense")]
    public void A_damaged_file_beside_it_is_named(string name, string content)
    {
        File.WriteAllText(Path.Combine(_folder.FullName, name), content, Encoding.UTF8);
        var error = Assert.Throws<InputException>(() => Tokenizer.Load(_folder.FullName));
        Assert.Contains(name, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("tokenizer.json")]
    [InlineData("tokenizer_config.json")]
    [InlineData("special_tokens_map.json")]
    [InlineData("chat_template.jinja")]
    public void A_git_lfs_pointer_is_called_one(string name)
    {
        File.WriteAllText(Path.Combine(_folder.FullName, name), "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 11422654\n");
        var error = Assert.Throws<InputException>(() => Tokenizer.Load(_folder.FullName));
        Assert.Contains($"{name}: is a Git LFS pointer", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Removed", true)]
    [InlineData("Isolated", true)]
    [InlineData("MergedWithNext", false)]
    [InlineData("Contiguous", false)]
    public void A_pattern_that_may_match_nothing_is_read_where_it_only_cuts(string behavior, bool read)
    {
        var root = JsonNode.Parse(File.ReadAllText(_file))!.AsObject();
        root["pre_tokenizer"] = JsonNode.Parse($$"""{"type": "Sequence", "pretokenizers": [{"type": "Split", "pattern": {"Regex": "(?=h)"}, "behavior": "{{behavior}}", "invert": false}, {"type": "ByteLevel", "add_prefix_space": false, "use_regex": false}]}""");
        File.WriteAllText(_file, root.ToJsonString());
        var error = Record.Exception(() => Tokenizer.Load(_folder.FullName));
        Assert.Equal(read, error is null);
        if (!read)
            Assert.Contains("(?=h)", Assert.IsType<InputException>(error).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_gguf_with_an_unknown_pre_tokenizer_is_refused_by_name()
    {
        var error = Assert.Throws<InputException>(() => Tokenizer.FromGguf(new GgufVocabulary(["a"], [], [], "chameleon")));
        Assert.Contains("chameleon", error.Message, StringComparison.Ordinal);
    }
}
