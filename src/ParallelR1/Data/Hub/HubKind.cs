namespace ParallelR1.Data.Hub;

/// <summary>What a hub's repository holds.</summary>
public enum HubKind
{
    /// <summary>A data set.</summary>
    Dataset,

    /// <summary>A model.</summary>
    Model,
}
