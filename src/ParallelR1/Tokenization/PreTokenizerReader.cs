using System.Text.Json.Nodes;

namespace ParallelR1.Tokenization;

/// <summary>Creates the pre-tokenisation steps that a tokenizer.json describes.</summary>
internal static class PreTokenizerReader
{
    private const int MostSteps = 32;

    /// <summary>Reads the steps.</summary>
    /// <exception cref="InputException">A component is unknown, or the last step is not ByteLevel.</exception>
    public static IReadOnlyList<SplitStage> Read(JsonNode? node)
    {
        if (node is null)
            throw new InputException("tokenizer.json: pre_tokenizer is missing; only byte-level BPE is supported, which ends in ByteLevel");
        var stages = new List<SplitStage>();
        var last = "";
        var waiting = new Stack<ComponentReader>();
        waiting.Push(ComponentReader.Of("pre_tokenizer", node));
        while (waiting.TryPop(out var component))
        {
            if (component.Type == "Sequence")
            {
                foreach (var inner in component.List("pretokenizers").Reverse())
                    waiting.Push(inner);
                continue;
            }

            if (last == "ByteLevel")
                throw new InputException($"tokenizer.json: pre_tokenizer {component.Type} comes after ByteLevel, which must be the last step");
            if (stages.Count == MostSteps)
                throw new InputException($"tokenizer.json: pre_tokenizer has more than {MostSteps} steps");
            last = component.Type;
            stages.Add(Stage(component));
        }

        return last == "ByteLevel"
            ? stages
            : throw new InputException("tokenizer.json: pre_tokenizer does not end in ByteLevel; only byte-level BPE is supported");
    }

    private static SplitStage Stage(ComponentReader component) => component.Type switch
    {
        "ByteLevel" when component.Flag("use_regex", absent: true) => new Gpt2Stage(component.Flag("add_prefix_space", absent: true)),
        "ByteLevel" => new WholeStage(component.Flag("add_prefix_space", absent: true)),
        "Digits" => new DigitsStage(component.Flag("individual_digits", absent: false)),
        "Split" => Split(component),
        _ => throw component.Unknown("ByteLevel, Digits, Sequence, Split"),
    };

    private static SplitStage Split(ComponentReader component)
    {
        if (!Enum.TryParse<SplitBehavior>(component.Text("behavior"), out var behavior))
            throw component.Wrong("behavior", string.Join(" or ", Enum.GetNames<SplitBehavior>()));
        var invert = component.Flag("invert", absent: false);
        var pattern = component.Object("pattern");
        if (pattern["String"] is JsonValue literal && literal.TryGetValue<string>(out var text))
            return new PatternStage(new LiteralPattern(text), behavior, invert);
        if (pattern["Regex"] is not JsonValue regex || !regex.TryGetValue(out text))
            throw component.Wrong("pattern", "{\"Regex\": TEXT} or {\"String\": TEXT}");
        return (text, behavior, invert) switch
        {
            // These patterns cover every text, so there are no gaps between matches.
            (Gpt2Stage.Pattern, SplitBehavior.Isolated, false) => new Gpt2Stage(addPrefixSpace: false),
            (TiktokenStage.QwenPattern, SplitBehavior.Isolated, false) => new TiktokenStage(1),
            (TiktokenStage.LlamaPattern, SplitBehavior.Isolated, false) => new TiktokenStage(3),
            _ => new PatternStage(Pattern(component, text, behavior), behavior, invert),
        };
    }

    private static CodePointRegex Pattern(ComponentReader component, string text, SplitBehavior behavior)
    {
        var pattern = new CodePointRegex(text);
        return !pattern.CanBeEmpty || behavior is SplitBehavior.Isolated or SplitBehavior.Removed
            ? pattern
            : throw component.Wrong("behavior", $"Isolated or Removed with a pattern that may match nothing ({text})");
    }
}
