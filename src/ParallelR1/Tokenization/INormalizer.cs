using System.Text.Json.Nodes;

namespace ParallelR1.Tokenization;

/// <summary>Normalises the text between added tokens before pre-tokenisation.</summary>
internal interface INormalizer
{
    /// <summary>Returns the normalised text; the same string instance if nothing changes.</summary>
    string Normalize(string text);
}

/// <summary>Unicode normalisation form C or D, with own tables: without ICU, .NET's normalisation does nothing.</summary>
internal sealed class CanonicalNormalizer(bool compose) : INormalizer
{
    private const char FirstThatMatters = '\u00C0';

    public string Normalize(string text)
    {
        // Characters below U+0300 are in form C; those below U+00C0 are also in form D.
        var limit = compose ? '\u0300' : FirstThatMatters;
        return text.AsSpan().IndexOfAnyExceptInRange('\0', (char)(limit - 1)) < 0 ? text : CanonicalForm.Convert(text, compose);
    }
}

/// <summary>Creates the normaliser that a tokenizer.json describes.</summary>
internal static class NormalizerReader
{
    private const int MostSteps = 32;

    /// <summary>Gets the steps in order; empty without normalisation.</summary>
    /// <exception cref="InputException">A component is unknown.</exception>
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
