namespace ParallelR1.Tokenization;

/// <summary><c>ByteLevel</c> without its pattern: the text stays in one piece.</summary>
internal sealed class WholeStage(bool addPrefixSpace) : SplitStage
{
    public override bool AddsPrefixSpace => addPrefixSpace;

    public override int PieceEnd(ReadOnlySpan<char> text, int start, out bool keep)
    {
        keep = true;
        return text.Length;
    }
}
