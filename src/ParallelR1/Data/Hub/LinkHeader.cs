namespace ParallelR1.Data.Hub;

/// <summary>Parses the <c>Link</c> header of a response (RFC 8288): <c>&lt;https://…?cursor=…&gt;; rel="next"</c>, also without quotation marks and among other links.</summary>
internal static class LinkHeader
{
    /// <summary>Gets the target of the first link with the relation <paramref name="relation"/>; null if there is none.</summary>
    /// <exception cref="FormatException">The header is malformed.</exception>
    public static string? Find(string header, string relation)
    {
        for (var at = Skip(header, 0, ','); at < header.Length; at = Skip(header, at, ','))
        {
            var close = header[at] == '<' ? header.IndexOf('>', at) : -1;
            if (close < 0)
                throw new FormatException($"no address in angle brackets: {header[at..]}");
            var (relations, next) = Relations(header, close + 1);
            if (relations.Split(' ').Contains(relation, StringComparer.OrdinalIgnoreCase))
                return header[(at + 1)..close].Trim();
            at = next;
        }

        return null;
    }

    /// <summary>Gets the value of the first <c>rel</c> among a link's parameters, and the end of the link.</summary>
    private static (string Relations, int End) Relations(string header, int at)
    {
        string? relations = null;
        while ((at = Skip(header, at, '\0')) < header.Length && header[at] != ',')
        {
            if (header[at] != ';')
                throw new FormatException($"not a link's parameter: {header[at..]}");
            var start = Skip(header, at, ';');
            for (at = start; at < header.Length && header[at] is not ('=' or ';' or ','); at++)
            {
            }

            var name = header[start..at].Trim();
            var value = "";
            if (at < header.Length && header[at] == '=')
                (value, at) = Value(header, Skip(header, at + 1, '\0'));
            if (name.Equals("rel", StringComparison.OrdinalIgnoreCase))
                relations ??= value;
        }

        return (relations ?? "", at);
    }

    private static (string Value, int End) Value(string header, int at)
    {
        var quote = at < header.Length && header[at] is '"' or '\'' ? header[at++] : '\0';
        var end = at;
        while (end < header.Length && (quote != '\0' ? header[end] != quote : header[end] is not (';' or ',')))
            end++;
        return (header[at..end].Trim(), quote == '\0' ? end : Math.Min(end + 1, header.Length));
    }

    private static int Skip(string header, int at, char also)
    {
        while (at < header.Length && (char.IsWhiteSpace(header[at]) || header[at] == also))
            at++;
        return at;
    }
}
