namespace ParallelR1.IO;

/// <summary>What a file is that was taken for JSON Lines, by its first line, and how JSON Lines are made of it.</summary>
internal static class ForeignFormat
{
    /// <summary>A full stop and a sentence to put behind an error; empty where nothing is recognised.</summary>
    public static string Hint(string path, int line, ReadOnlySpan<byte> utf8)
    {
        if (line != 1)
            return "";
        var name = Path.GetFileNameWithoutExtension(path);
        var start = utf8.TrimStart(" \t"u8);
        if (start.StartsWith("\x1f"u8) && start.Length > 1 && start[1] == 0x8b)
            return $". The file is compressed; unpack it first: gzip -dc {path} > {name}";
        if (start.StartsWith("PK\x3\x4"u8))
            return ". The file is a ZIP archive or a spreadsheet; unpack it, or save it as JSON Lines.";
        if (start.StartsWith("["u8))
            return $". The file is one JSON list; expected one object a line: jq -c '.[]' {path} > {name}.jsonl";
        if (start.StartsWith("{"u8))
            return start.TrimEnd(" \t\r"u8).Length > 1 ? "" : $". Objects should stand on one line each: jq -c . {path} > {name}.jsonl";
        if (Path.GetExtension(path).ToLowerInvariant() is not (".csv" or ".tsv") && start.IndexOfAny(",\t"u8) < 0)
            return "";
        var separator = start.IndexOf((byte)'\t') >= 0 ? ", sep='\\t'" : "";
        return $". The file looks like {(separator.Length > 0 ? "TSV" : "CSV")}; expected JSON Lines or Parquet:"
            + $" python3 -c \"import pandas; pandas.read_csv('{path}'{separator}).to_json('{name}.jsonl', orient='records', lines=True)\"";
    }
}
