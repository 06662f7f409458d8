using System.Text.Json.Nodes;

namespace ParallelR1.Tokenization;

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
