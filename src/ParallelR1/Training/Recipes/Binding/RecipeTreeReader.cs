using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace ParallelR1.Training.Recipes.Binding;

/// <summary>
/// Reads YAML into <see cref="RecipeNode"/>s: one document, plain values only. Anchors, aliases and tags are rejected (a recipe needs none,
/// and aliases can expand a small file to an enormous tree), as are duplicate keys and excessive depth.
/// </summary>
internal static class RecipeTreeReader
{
    private const int MaxDepth = 16;
    private const int MaxCharacters = 1 << 20;

    /// <summary>Reads a document; <paramref name="origin"/> names the origin of a line.</summary>
    public static RecipeNode Read(string text, Func<long, string> origin)
    {
        if (text.Length > MaxCharacters)
            throw new UsageException($"{origin(1)}: {text.Length} characters; a recipe has at most {MaxCharacters}");
        var parser = new Parser(new StringReader(text));
        try
        {
            return ReadDocument(parser, origin);
        }
        catch (YamlException e)
        {
            throw new UsageException($"{origin(e.Start.Line)}: not valid YAML: {e.Message.TrimEnd('.')}", e);
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException or IndexOutOfRangeException or OverflowException)
        {
            // The parser library fails in these ways on some damaged texts.
            throw new UsageException($"{origin(parser.Current?.End.Line ?? 1)}: not valid YAML near this line", e);
        }
    }

    private static RecipeNode ReadDocument(Parser parser, Func<long, string> origin)
    {
        RecipeNode? root = null;
        var open = new Stack<Frame>();
        var documents = 0;
        while (parser.MoveNext())
        {
            var at = origin(parser.Current!.Start.Line);
            switch (parser.Current)
            {
                case DocumentStart when ++documents > 1:
                    throw new UsageException($"{at}: a second document begins here; a recipe is one document");
                case AnchorAlias:
                    throw new UsageException($"{at}: aliases are not part of a recipe; write the value out");
                case NodeEvent node when !node.Anchor.IsEmpty || (!node.Tag.IsEmpty && !node.Tag.IsNonSpecific):
                    throw new UsageException($"{at}: anchors and tags are not part of a recipe; remove it");
                case Scalar scalar:
                    Add(open, ref root, at, new RecipeScalar(at, scalar.Value, scalar.Style != ScalarStyle.Plain));
                    break;
                case MappingStart or SequenceStart:
                    if (open.Count >= MaxDepth)
                        throw new UsageException($"{at}: nested deeper than {MaxDepth} levels; no recipe is");
                    RecipeNode collection = parser.Current is MappingStart ? new RecipeMapping(at, []) : new RecipeSequence(at, []);
                    Add(open, ref root, at, collection);
                    open.Push(new Frame(collection));
                    break;
                case MappingEnd or SequenceEnd:
                    open.Pop();
                    break;
            }
        }

        return root ?? new RecipeScalar(origin(1), "", false);
    }

    private static void Add(Stack<Frame> open, ref RecipeNode? root, string at, RecipeNode node)
    {
        if (!open.TryPeek(out var frame))
            root = node;
        else if (frame.Node is RecipeSequence sequence)
            sequence.Items.Add(node);
        else if (frame.Key is null)
            frame.Key = TakeKey((RecipeMapping)frame.Node, at, node);
        else
        {
            ((RecipeMapping)frame.Node).Entries.Add(new RecipeEntry(frame.Key, frame.KeyOrigin, node));
            frame.Key = null;
            return;
        }

        if (frame is not null)
            frame.KeyOrigin = at;
    }

    private static string TakeKey(RecipeMapping mapping, string at, RecipeNode node)
    {
        if (node is not RecipeScalar { Text: var key })
            throw new UsageException($"{at}: a key must be a single word");
        if (mapping.Find(key) is { } first)
            throw new UsageException($"{at}: the key '{key}' stands here for the second time (first: {first.Origin}); remove one");
        return key;
    }

    private sealed class Frame(RecipeNode node)
    {
        public RecipeNode Node { get; } = node;

        public string? Key { get; set; }

        public string KeyOrigin { get; set; } = "";
    }
}
