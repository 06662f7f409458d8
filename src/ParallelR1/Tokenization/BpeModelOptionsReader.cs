using System.Text.Json.Nodes;

namespace ParallelR1.Tokenization;

/// <summary>Reads what <c>model</c> says beside vocabulary and merges, and refuses what is not supported.</summary>
internal static class BpeModelOptionsReader
{
    public static BpeModelOptions Read(TokenizerDefinition definition)
    {
        var node = definition.Shell["model"];
        var model = ComponentReader.Of("model", node);
        if (node!["dropout"] is JsonValue dropout && (!dropout.TryGetValue<double>(out var share) || share != 0))
            throw model.Wrong("dropout", "null (random merges are not supported)");
        RequireEmpty("continuing_subword_prefix");
        RequireEmpty("end_of_word_suffix");
        if (model.Flag("byte_fallback", absent: false))
            throw model.Wrong("byte_fallback", "false (only byte-level BPE is supported)");
        int? unknown = null;
        if (node["unk_token"] is not null)
        {
            unknown = definition.Vocabulary.TryGetValue(model.Text("unk_token"), out var id)
                ? id
                : throw model.Wrong("unk_token", "a token of the vocabulary");
        }

        return new BpeModelOptions(model.Flag("ignore_merges", absent: false), unknown, model.Flag("fuse_unk", absent: false));

        void RequireEmpty(string name)
        {
            if (node[name] is not null && model.Text(name).Length > 0)
                throw model.Wrong(name, "empty (only byte-level BPE is supported)");
        }
    }
}
