namespace ParallelR1.Tokenization;

/// <summary>The steps of pre-tokenisation one inside the other, and BPE at the end.</summary>
internal sealed class PreTokenizer(IReadOnlyList<SplitStage> stages, BpeModel model)
{
    private readonly SplitStage[] _stages = [.. stages];

    /// <summary>Cuts <paramref name="text"/> into pieces and appends their ids.</summary>
    public void Encode(ReadOnlySpan<char> text, List<int> ids)
    {
        if (text.Length > 0)
            Run(0, text, ids);
    }

    // As deep as the file has steps, and the reader of the file bounds those.
    private void Run(int index, ReadOnlySpan<char> text, List<int> ids)
    {
        if (index == _stages.Length)
        {
            model.Encode(text, ids);
            return;
        }

        var stage = _stages[index];
        if (stage.AddsPrefixSpace && text[0] != ' ')
            text = string.Concat(" ", text);
        for (var start = 0; start < text.Length;)
        {
            var end = stage.PieceEnd(text, start, out var keep);
            if (keep)
                Run(index + 1, text[start..end], ids);
            start = end;
        }
    }
}

/// <summary>Ways of cutting text into pieces that this library can write into a new tokenizer.json.</summary>
internal enum PreTokenizerKind
{
    Gpt2,
    SmolLm,
    Qwen,
    Llama3,
}
