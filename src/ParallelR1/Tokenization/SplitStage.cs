namespace ParallelR1.Tokenization;

/// <summary>One step of pre-tokenisation: cuts a text into pieces that lie side by side. Stateless and safe for any number of threads.</summary>
internal abstract class SplitStage
{
    /// <summary>A space is put before a text that does not begin with one.</summary>
    public virtual bool AddsPrefixSpace => false;

    /// <summary>Where the piece that begins at <paramref name="start"/> ends (always behind it), and whether it is kept.</summary>
    public abstract int PieceEnd(ReadOnlySpan<char> text, int start, out bool keep);
}
