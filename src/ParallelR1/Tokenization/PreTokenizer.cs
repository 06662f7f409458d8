namespace ParallelR1.Tokenization;

/// <summary>Applies nested steps of pre-tokenisation, then BPE.</summary>
internal sealed class PreTokenizer(IReadOnlyList<SplitStage> stages, BpeModel model)
{
    private readonly SplitStage[] _stages = [.. stages];

    /// <summary>Splits <paramref name="text"/> into pieces and appends their ids.</summary>
    public void Encode(ReadOnlySpan<char> text, List<int> ids)
    {
        if (text.Length > 0)
            Run(0, text, ids);
    }

    // The recursion depth is the number of steps, which the reader of the file bounds.
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

/// <summary>The pre-tokenisations that can be written to a new tokenizer.json.</summary>
internal enum PreTokenizerKind
{
    Gpt2,
    SmolLm,
    Qwen,
    Llama3,
}
