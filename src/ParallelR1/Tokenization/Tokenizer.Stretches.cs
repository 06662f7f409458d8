namespace ParallelR1.Tokenization;

/// <summary>Splitting of a text at its added tokens.</summary>
public sealed partial class Tokenizer
{
    private void EncodeRaw(string text, List<int> ids)
    {
        AtTokens(_rawMatcher, text, ids, static (self, stretch, ids) =>
        {
            if (self._normalizers.Count == 0 && self._normalizedMatcher is null)
                self._preTokenizer.Encode(stretch, ids);
            else
                self.EncodeNormalized(self.Normalize(stretch.ToString()), ids);
        });
    }

    private void EncodeNormalized(string text, List<int> ids) =>
        AtTokens(_normalizedMatcher, text, ids, static (self, stretch, ids) => self._preTokenizer.Encode(stretch, ids));

    private void AtTokens(AddedTokenMatcher? matcher, string text, List<int> ids, StretchAction between)
    {
        var done = 0;
        for (var from = 0; matcher?.Next(text, from) is { } match; from = match.End)
        {
            var (start, end, token) = match;
            if (token.LeftStrip)
                start = Math.Max(done, done + text.AsSpan(done, Math.Max(0, start - done)).TrimEnd().Length);
            if (token.RightStrip)
                end = text.Length - text.AsSpan(end).TrimStart().Length;
            if (done < start)
                between(this, text.AsSpan(done, start - done), ids);
            ids.Add(token.Id);
            done = end;
        }

        if (done < text.Length)
            between(this, text.AsSpan(done), ids);
    }

    private string Normalize(string text)
    {
        foreach (var normalizer in _normalizers)
            text = normalizer.Normalize(text);
        return text;
    }

    private delegate void StretchAction(Tokenizer self, ReadOnlySpan<char> stretch, List<int> ids);
}
