using System.Text.Json.Nodes;
using ParallelR1.IO;
using ParallelR1.Tokenization;

namespace ParallelR1.Tests.Parity;

public sealed class TokenizerParityTests
{
    private static readonly string[] s_tags = ["<Path>", "</Path>", "<Parallel>", "</Parallel>", "<Summary>", "</Summary>"];

    private static readonly Dictionary<(string, bool), Tokenizer> s_tokenizers = [];

    [Fact]
    public void Every_text_encodes_to_the_reference_ids_and_decodes_to_the_reference_text() => ForEveryCase("encode-*.jsonl", (failures, value) =>
    {
        var tokenizer = TokenizerOf(value);
        var ids = tokenizer.Encode(Text(value, "text"));
        failures.Compare("ids", Ids(value), ids);
        failures.Compare("decoded", Text(value, "decoded"), tokenizer.Decode(ids));
        failures.Compare("decoded_without_specials", Text(value, "decoded_without_specials"), tokenizer.Decode(ids, skipSpecial: true));
    });

    [Fact]
    public void Any_ids_decode_to_the_reference_text() => ForEveryCase("decode-*.jsonl", (failures, value) =>
    {
        var tokenizer = TokenizerOf(value);
        failures.Compare("decoded", Text(value, "decoded"), tokenizer.Decode(Ids(value)));
        failures.Compare("decoded_without_specials", Text(value, "decoded_without_specials"), tokenizer.Decode(Ids(value), skipSpecial: true));
    });

    [Fact]
    public void Chats_render_to_the_reference_text_and_ids() => ForEveryCase("chat.jsonl", (failures, value) =>
    {
        var messages = value["messages"]!.AsArray().Select(m => new ChatMessage((string)m!["role"]!, (string)m["content"]!)).ToList();
        var text = ChatTemplate.Named(Text(value, "template")).Render(messages, (bool)value["add_generation_prompt"]!);
        failures.Compare("text", Text(value, "text"), text);
        failures.Compare("ids", Ids(value), TokenizerOf(value).Encode(text));
    });

    [Fact]
    public void Templates_of_the_folders_are_recognised()
    {
        var folders = Path.Combine(Fixtures.Folder("tokenizer"), "tokenizers");
        foreach (var name in new[] { "qwen3", "qwen2_5", "smollm2" })
            Assert.Equal(name, Tokenizer.Load(Path.Combine(folders, name)).ChatTemplateFor().Name);
        Assert.Equal("plain", ChatTemplate.Recognise(File.ReadAllText(Path.Combine(folders, "qwen3", "chat_template_plain.jinja"))).Name);
        var error = Assert.Throws<UsageException>(() => Tokenizer.Load(Path.Combine(folders, "llama3_2")).ChatTemplateFor());
        Assert.Contains("--template", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Gguf_vocabulary_gives_the_reference_tokenizer()
    {
        var folder = Path.Combine(Fixtures.Folder("tokenizer"), "tokenizers", "smollm2");
        var reference = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "tokenizer.json")))!;
        var model = reference["model"]!;
        var vocabulary = model["vocab"]!.AsObject().ToDictionary(t => (int)t.Value!, t => t.Key);
        var special = reference["added_tokens"]!.AsArray().Select(t => (int)t!["id"]!).ToHashSet();
        var tokenizer = Tokenizer.FromGguf(new GgufVocabulary(
            [.. Enumerable.Range(0, vocabulary.Count).Select(i => vocabulary[i])],
            [.. model["merges"]!.AsArray().Select(m => (string)m!)],
            [.. Enumerable.Range(0, vocabulary.Count).Select(i => special.Contains(i) ? 3 : 1)],
            "smollm")
        {
            ChatTemplate = File.ReadAllText(Path.Combine(folder, "chat_template.jinja")),
            BosId = 1,
            EosId = 2,
            PadId = 2,
        });
        Assert.Equal("smollm2", tokenizer.ChatTemplateFor().Name);
        Assert.Equal(2, tokenizer.EosId);
        ForEveryCase("encode-smollm2.jsonl", (failures, value) =>
        {
            var tagged = (bool)value["add_tags"]! ? tokenizer.WithAddedTokens(s_tags) : tokenizer;
            failures.Compare("ids", Ids(value), tagged.Encode(Text(value, "text")));
        }, every: 7);
    }

    [Fact]
    public void Streamed_ids_give_the_reference_pieces() => ForEveryCase("stream.jsonl", (failures, value) =>
    {
        var decoder = TokenizerOf(value).CreateStreamDecoder((bool)value["skip_specials"]!);
        var pieces = Ids(value).Select(decoder.Push).ToArray();
        var flush = decoder.Flush();
        if ((bool)value["well_formed"]!)
        {
            failures.Compare("pieces", value["pieces"]!.AsArray().Select(p => (string)p!), pieces);
            failures.Compare("flush", Text(value, "flush"), flush);
        }

        failures.Compare("decoded", Text(value, "decoded"), string.Concat(pieces) + flush);
    });

    [Fact]
    public void Loaded_and_saved_tokenizers_are_the_same_again()
    {
        foreach (var folder in Directory.EnumerateDirectories(Path.Combine(Fixtures.Folder("tokenizer"), "tokenizers")))
        {
            var saved = Directory.CreateTempSubdirectory("tokenizer");
            try
            {
                var tokenizer = Tokenizer.Load(folder);
                tokenizer.Save(saved.FullName);
                foreach (var file in Directory.EnumerateFiles(saved.FullName))
                    AssertSameContent(Path.Combine(folder, Path.GetFileName(file)), file);
                Assert.Equal(
                    Directory.EnumerateFiles(saved.FullName).Select(Path.GetFileName).Order(),
                    Directory.EnumerateFiles(folder).Select(Path.GetFileName).Where(f => f != "chat_template_plain.jinja").Order());

                tokenizer.WithAddedTokens(s_tags).Save(saved.FullName);
                var tagged = Tokenizer.Load(saved.FullName);
                Assert.Equal(Enumerable.Range(tokenizer.Count, 6), s_tags.Select(t => tagged.IdOf(t)!.Value));
                Assert.Equal(tokenizer.Count + 6, tagged.Count);
            }
            finally
            {
                saved.Delete(recursive: true);
            }
        }
    }

    private static void AssertSameContent(string expected, string actual)
    {
        if (expected.EndsWith(".json", StringComparison.Ordinal))
            Assert.True(JsonNode.DeepEquals(JsonNode.Parse(File.ReadAllText(expected)), JsonNode.Parse(File.ReadAllText(actual))), expected);
        else
            Assert.Equal(File.ReadAllText(expected), File.ReadAllText(actual));
    }

    private static void ForEveryCase(string pattern, Action<CaseFailures, JsonObject> check, int every = 1)
    {
        var files = Directory.GetFiles(Fixtures.Folder("tokenizer"), pattern);
        Assert.NotEmpty(files);
        var failures = new CaseFailures();
        foreach (var file in files)
        {
            foreach (var (line, value) in JsonLines.Read(file).Where(c => c.Line % every == 0))
            {
                failures.Case = $"{Path.GetFileName(file)}:{line} {value["id"]} ({value["kind"]})";
                check(failures, value);
            }
        }

        failures.Assert();
    }

    private static Tokenizer TokenizerOf(JsonObject value)
    {
        var name = Text(value, "tokenizer");
        var tags = (bool)value["add_tags"]!;
        if (s_tokenizers.TryGetValue((name, tags), out var tokenizer))
            return tokenizer;
        var plain = Tokenizer.Load(Path.Combine(Fixtures.Folder("tokenizer"), "tokenizers", name));
        s_tokenizers[(name, false)] = plain;
        s_tokenizers[(name, true)] = plain.WithAddedTokens(s_tags);
        return s_tokenizers[(name, tags)];
    }

    private static string Text(JsonObject value, string name) => (string)value[name]!;

    private static int[] Ids(JsonObject value) => [.. value["ids"]!.AsArray().Select(i => (int)i!)];
}
