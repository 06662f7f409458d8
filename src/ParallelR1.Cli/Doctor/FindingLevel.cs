namespace ParallelR1.Cli.Doctor;

/// <summary>How much a finding matters.</summary>
internal enum FindingLevel
{
    /// <summary>As it should be.</summary>
    Ok,

    /// <summary>Worth knowing; nothing fails for it.</summary>
    Note,

    /// <summary>Wrong results, or much slower than this machine can: to be mended.</summary>
    Wrong,
}
