using System.Text.Json.Nodes;

namespace ParallelR1.Cli;

/// <summary>
/// Keys of the draws by seed and id, so that a response does not depend on the lines around it. Where an id comes again, or there is
/// none, lines are told apart by counting them.
/// </summary>
internal sealed class RequestKeys(long seed)
{
    private readonly RandomKey _root = RandomKey.FromSeed(seed).Fold("generate");
    private readonly Dictionary<RandomKey, int> _uses = [];

    public RandomKey Next(JsonNode? id)
    {
        var key = _root.Fold(id?.ToJsonString() ?? "");
        var uses = _uses.GetValueOrDefault(key);
        _uses[key] = uses + 1;
        return key.Fold(uses);
    }
}
