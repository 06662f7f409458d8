namespace ParallelR1.Cli.Doctor;

/// <summary>One line of the report.</summary>
/// <param name="Name">What was looked at.</param>
/// <param name="Level">Whether it is well.</param>
/// <param name="Text">What was found.</param>
/// <param name="Remedy">The command, or the sentence, that fixes it; null where there is nothing to fix.</param>
internal sealed record Finding(string Name, FindingLevel Level, string Text, string? Remedy = null)
{
    public static Finding Ok(string name, string text) => new(name, FindingLevel.Ok, text);

    public static Finding Note(string name, string text, string remedy) => new(name, FindingLevel.Note, text, remedy);

    public static Finding Wrong(string name, string text, string remedy) => new(name, FindingLevel.Wrong, text, remedy);
}

/// <summary>How much a finding matters.</summary>
internal enum FindingLevel
{
    /// <summary>As it should be.</summary>
    Ok,

    /// <summary>Worth knowing; nothing fails for it.</summary>
    Note,

    /// <summary>Wrong results, or much slower than this machine can: to be fixed.</summary>
    Wrong,
}
