using System.Text.Json.Nodes;

namespace ParallelR1.Tokenization;

/// <summary>Changes the text between added tokens before it is cut into pieces.</summary>
internal interface INormalizer
{
    /// <summary>The normalised text; the very same string where nothing changes.</summary>
    string Normalize(string text);
}

/// <summary>Unicode normalisation form C or D, by our own tables: the product runs without ICU, where .NET's does nothing.</summary>
internal sealed class CanonicalNormalizer(bool compose) : INormalizer
{
    private const char FirstThatMatters = '\u00C0';

    public string Normalize(string text)
    {
        // Below U+0300 everything is its own form C; below U+00C0 also its own form D.
        var limit = compose ? '\u0300' : FirstThatMatters;
        return text.AsSpan().IndexOfAnyExceptInRange('\0', (char)(limit - 1)) < 0 ? text : CanonicalForm.Convert(text, compose);
    }
}

/// <summary>Builds the normaliser that a tokenizer.json describes.</summary>
internal static class NormalizerReader
{
    private const int MostSteps = 32;

    /// <summary>The steps in order; empty where nothing is normalised.</summary>
    /// <exception cref="InputException">An unknown component.</exception>
    public static IReadOnlyList<INormalizer> Read(JsonNode? node)
    {
        var steps = new List<INormalizer>();
        var waiting = new Stack<ComponentReader>();
        if (node is not null)
            waiting.Push(ComponentReader.Of("normalizer", node));
        while (waiting.TryPop(out var component))
        {
            if (steps.Count == MostSteps)
                throw new InputException($"tokenizer.json: normalizer has more than {MostSteps} steps");
            switch (component.Type)
            {
                case "NFC":
                case "NFD":
                    steps.Add(new CanonicalNormalizer(component.Type == "NFC"));
                    break;
                case "Sequence":
                    foreach (var inner in component.List("normalizers").Reverse())
                        waiting.Push(inner);
                    break;
                default:
                    throw component.Unknown("NFC, NFD, Sequence");
            }
        }

        return steps;
    }
}
