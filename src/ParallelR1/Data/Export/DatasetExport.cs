using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using ParallelR1.Data.ColdStart;
using ParallelR1.Data.Parquet;
using ParallelR1.IO;

namespace ParallelR1.Data.Export;

/// <summary>Exports a set as a dataset folder in the layout of the Hugging Face hub: <c>README.md</c> and <c>data/SPLIT-00000-of-00001.parquet</c>.</summary>
public static class DatasetExport
{
    /// <summary>Exports a set, and verifies it by reading it back. The folder is written atomically.</summary>
    /// <param name="nameOrFile">A file, a name of <c>data list</c>, or the folder of a cold-start run.</param>
    /// <param name="folder">The dataset folder: new, or empty.</param>
    /// <param name="options">Licence, report and seed for the card.</param>
    /// <param name="cancellation">Stops the work; nothing is written then.</param>
    /// <exception cref="UsageException">There is no such set or file, it is a pipe, or the folder is not empty.</exception>
    /// <exception cref="InputException">A row is damaged, or there are no rows.</exception>
    public static ExportSummary Run(string nameOrFile, string folder, ExportOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(nameOrFile);
        options ??= new ExportOptions();
        NewFolder.CheckFree(folder);
        var source = Directory.Exists(nameOrFile) && File.Exists(Path.Combine(nameOrFile, ColdStartRun.ExamplesFile))
            ? Path.Combine(nameOrFile, ColdStartRun.ExamplesFile)
            : nameOrFile;
        if (source == "-" || (File.Exists(source) && !RowFile.IsRepeatable(source)))
            throw new UsageException($"{source} is a pipe, and rows are read more than once to be exported; write them to a file first");
        var report = Report(source, options.Report);
        var contents = new ExportContents(Rows(source, cancellation), options.Seed);
        if (contents.Rows == 0)
            throw new InputException($"{nameOrFile}: holds no rows to export");
        if (contents.Fields.Count == 0)
            throw new InputException($"{nameOrFile}: the rows have no fields to export");

        var set = NamedRows.FindSet(source);
        var title = set?.Name ?? Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)));
        var card = new DatasetCard(title, set, contents, report, options);
        var files = new Dictionary<string, long>(StringComparer.Ordinal);
        NewFolder.Create(folder, pending =>
        {
            Directory.CreateDirectory(Path.Combine(pending, "data"));
            foreach (var split in contents.Splits.Keys)
            {
                var name = $"data/{split}-00000-of-00001.parquet";
                files[name] = Write(Path.Combine(pending, name), contents.Fields, () => Rows(source, cancellation).Where(r => ExportContents.SplitOf(r) == split));
            }

            AtomicFile.WriteText(Path.Combine(pending, "README.md"), card.Text());
        });
        return new ExportSummary(folder, files, card.Licence);
    }

    private static IEnumerable<JsonObject> Rows(string source, CancellationToken cancellation) => NamedRows.Read(source).Select(row =>
    {
        cancellation.ThrowIfCancellationRequested();
        return row;
    });

    /// <summary>Writes a file, reads it back, and compares the rows one by one.</summary>
    private static long Write(string path, IReadOnlyList<ParquetField> fields, Func<IEnumerable<JsonObject>> rows)
    {
        using (var file = File.Create(path))
        {
            ParquetRowWriter.Write(file, fields, rows().Select(r => ExportedRow.Of(r, fields)));
            file.Flush(flushToDisk: true);
        }

        long number = 0;
        using var read = ParquetReader.ReadRows(path).GetEnumerator();
        foreach (var row in rows())
        {
            if (!read.MoveNext() || !JsonNode.DeepEquals(read.Current, ExportedRow.Of(row, fields)))
                throw new InputException($"{Path.GetFileName(path)}: row {number} is not read back as it was written; was the source changed meanwhile?");
            number++;
        }

        return read.MoveNext() ? throw new InputException($"{Path.GetFileName(path)}: more than the {number:N0} rows that were written are read back") : number;
    }

    private static JsonObject? Report(string source, string? given)
    {
        var beside = File.Exists(source) ? Path.Combine(Path.GetDirectoryName(Path.GetFullPath(source))!, ColdStartRun.ReportFile) : null;
        var file = given ?? (File.Exists(beside) && Path.GetFileName(source) == ColdStartRun.ExamplesFile ? beside : null);
        if (file is null)
            return null;
        if (!File.Exists(file))
            throw new UsageException($"{file}: no such report");
        try
        {
            return JsonNode.Parse(File.ReadAllBytes(file)) is JsonObject report && report["rejected"] is JsonObject
                ? report
                : throw new InputException($"{file}: not a report of data cold-start or data prepare: it has no object 'rejected'");
        }
        catch (JsonException e)
        {
            throw new InputException($"{file}: not valid JSON: {JsonText.Fault(e)}", e);
        }
    }
}

/// <summary>Options of an export.</summary>
public sealed record ExportOptions
{
    /// <summary>The licence, preferably by the hub's identifier (<c>mit</c>, <c>apache-2.0</c>); null for that of the known sets that the rows come from.</summary>
    public string? Licence { get; init; }

    /// <summary>File of the report of <c>data cold-start</c> or <c>data prepare</c>, whose filters the card lists; null for <c>report.json</c> beside the file, if there is one.</summary>
    public string? Report { get; init; }

    /// <summary>Seed of the draw of the example in the card.</summary>
    public long Seed { get; init; }
}

/// <summary>The result of an export.</summary>
/// <param name="Folder">The dataset folder.</param>
/// <param name="Files">Number of rows of each data file, by path relative to the folder.</param>
/// <param name="Licence">The licence in the card.</param>
public sealed record ExportSummary(string Folder, IReadOnlyDictionary<string, long> Files, string Licence)
{
    /// <summary>Converts the summary to JSON.</summary>
    public JsonObject ToJson() => new()
    {
        ["folder"] = Folder,
        ["files"] = new JsonObject(Files.Select(f => KeyValuePair.Create<string, JsonNode?>(f.Key, f.Value))),
        ["rows"] = Files.Values.Sum(),
        ["licence"] = Licence,
    };
}

/// <summary>Rows as they are expected when read back from the file.</summary>
internal static class ExportedRow
{
    /// <summary>Gets a row with all columns of the file: missing fields are null, fields without a column are omitted.</summary>
    public static JsonObject Of(JsonObject row, IReadOnlyList<ParquetField> fields) =>
        new(fields.Select(f => KeyValuePair.Create(f.Name, Value(f, row[f.Name]))));

    private static JsonNode? Value(ParquetField field, JsonNode? value) => (field, value) switch
    {
        (_, null) => null,
        (StructField structure, JsonObject members) => Of(members, structure.Members),
        (ListField list, JsonArray items) => new JsonArray([.. items.Select(i => Value(list.Element, i))]),
        (TextField, _) when value.GetValueKind() != JsonValueKind.String => JsonValue.Create(value.ToJsonString(JsonLines.Options)),
        (NumberField, _) => JsonValue.Create(double.Parse(value.ToJsonString(), CultureInfo.InvariantCulture)),
        _ => value.DeepClone(),
    };
}
