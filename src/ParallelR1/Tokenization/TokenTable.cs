namespace ParallelR1.Tokenization;

/// <summary>The tokens by id; checks that ids are unique, and not so high that the table would be mostly empty.</summary>
internal static class TokenTable
{
    public static string?[] Create(TokenizerDefinition definition)
    {
        var most = 16L * (definition.Vocabulary.Count + definition.AddedTokens.Count) + 65536;
        if ((uint)definition.IdLimit > most)
            throw new InputException($"tokenizer.json: the highest id is {(uint)definition.IdLimit - 1}, with {definition.Vocabulary.Count} tokens in the vocabulary; the file is damaged");
        var tokens = new string?[definition.IdLimit];
        foreach (var (token, id) in definition.Vocabulary)
        {
            if (tokens[id] is { } other)
                throw new InputException($"tokenizer.json: tokens \"{other}\" and \"{token}\" both have id {id}");
            tokens[id] = token;
        }

        foreach (var token in definition.AddedTokens)
        {
            if (definition.Vocabulary.TryGetValue(token.Content, out var known) ? known != token.Id : tokens[token.Id] is not null)
                throw new InputException($"tokenizer.json: added token \"{token.Content}\" has id {token.Id}, which contradicts the vocabulary");
            tokens[token.Id] = token.Content;
        }

        return tokens;
    }
}
