using IronSnappy;

namespace ParallelR1.Data.Parquet;

/// <summary>
/// Writes problems as the Parquet schema that verl reads: <c>data_source</c>, <c>prompt</c> (list of struct of content and role),
/// <c>ability</c>, <c>reward_model</c> (struct of ground_truth and style), <c>extra_info</c> (struct of index, problem_id, question, solution, split).
/// </summary>
/// <remarks>Snappy, plain pages of version 1, row groups of a few thousand rows; holds one row group in memory.</remarks>
internal sealed class VerlParquetWriter
{
    private const int GroupRows = 4096;
    private const int GroupCharacters = 1 << 24;
    private const int Optional = (int)Repetition.Optional;
    private const int Repeated = (int)Repetition.Repeated;
    private const int Utf8 = 0;
    private const int ListType = 3;

    private readonly Stream _stream;
    private readonly List<(long Rows, List<(VerlColumn Column, long Offset, int Values, long Plain, long Compressed)> Chunks)> _groups = [];
    private readonly VerlColumn[] _columns =
    [
        new(["data_source"], PhysicalType.ByteArray, 1, false),
        new(["prompt", "list", "element", "content"], PhysicalType.ByteArray, 4, true),
        new(["prompt", "list", "element", "role"], PhysicalType.ByteArray, 4, true),
        new(["ability"], PhysicalType.ByteArray, 1, false),
        new(["reward_model", "ground_truth"], PhysicalType.ByteArray, 2, false),
        new(["reward_model", "style"], PhysicalType.ByteArray, 2, false),
        new(["extra_info", "index"], PhysicalType.Int64, 2, false),
        new(["extra_info", "problem_id"], PhysicalType.ByteArray, 2, false),
        new(["extra_info", "question"], PhysicalType.ByteArray, 2, false),
        new(["extra_info", "solution"], PhysicalType.ByteArray, 2, false),
        new(["extra_info", "split"], PhysicalType.ByteArray, 2, false),
    ];

    private long _offset;
    private long _rows;
    private int _pendingRows;
    private long _pendingCharacters;

    private VerlParquetWriter(Stream stream) => _stream = stream;

    /// <summary>Writes a whole file.</summary>
    public static void Write(Stream stream, IEnumerable<Problem> problems)
    {
        var writer = new VerlParquetWriter(stream);
        writer.Put("PAR1"u8);
        foreach (var problem in problems)
            writer.Add(problem);
        writer.Flush();
        var footer = writer.Footer();
        writer.Put(footer);
        writer.Put(BitConverter.GetBytes(footer.Length));
        writer.Put("PAR1"u8);
    }

    private void Add(Problem problem)
    {
        string?[] texts =
        [
            problem.Source, problem.Text, "user", "math", problem.Answer, "rule", null, problem.Id, problem.Text, problem.Solution, problem.Split,
        ];
        for (var i = 0; i < _columns.Length; i++)
        {
            if (_columns[i].Type == PhysicalType.Int64)
                _columns[i].Add(_rows);
            else
                _columns[i].Add(texts[i]);
            _pendingCharacters += texts[i]?.Length ?? 8;
        }

        _rows++;
        if (++_pendingRows >= GroupRows || _pendingCharacters >= GroupCharacters)
            Flush();
    }

    private void Flush()
    {
        if (_pendingRows == 0)
            return;
        var chunks = new List<(VerlColumn, long, int, long, long)>();
        foreach (var column in _columns)
        {
            var (start, values) = (_offset, column.Count);
            var page = column.TakePage();
            var compressed = Snappy.Encode(page);
            var header = new ThriftWriter()
                .I32(1, PageHeader.DataPage).I32(2, page.Length).I32(3, compressed.Length)
                .Begin(5).I32(1, values).I32(2, 0).I32(3, 3).I32(4, 3).End()
                .End().ToArray();
            Put(header);
            Put(compressed);
            chunks.Add((column, start, values, header.Length + page.Length, header.Length + compressed.Length));
        }

        _groups.Add((_pendingRows, chunks));
        (_pendingRows, _pendingCharacters) = (0, 0);
    }

    private byte[] Footer()
    {
        var thrift = new ThriftWriter().I32(1, 1);
        WriteSchema(thrift);
        thrift.I64(3, _rows).List(4, ThriftType.Struct, _groups.Count);
        foreach (var (rows, chunks) in _groups)
        {
            thrift.Begin().List(1, ThriftType.Struct, chunks.Count);
            foreach (var (column, offset, values, plain, compressed) in chunks)
            {
                thrift.Begin().I64(2, offset).Begin(3).I32(1, (int)column.Type).List(2, ThriftType.I32, 2);
                thrift.Element(0);
                thrift.Element(3);
                thrift.List(3, ThriftType.Binary, column.Path.Length);
                foreach (var part in column.Path)
                    thrift.Element(part);
                thrift.I32(4, Codec.Snappy).I64(5, values).I64(6, plain).I64(7, compressed).I64(9, offset).End().End();
            }

            thrift.I64(2, chunks.Sum(c => c.Plain)).I64(3, rows).End();
        }

        return thrift.String(6, "parallel-r1").End().ToArray();
    }

    private static void WriteSchema(ThriftWriter thrift)
    {
        thrift.List(2, ThriftType.Struct, 17);
        thrift.Begin().String(4, "schema").I32(5, 5).End();
        Text(thrift, "data_source");
        thrift.Begin().I32(3, Optional).String(4, "prompt").I32(5, 1).I32(6, ListType).End();
        thrift.Begin().I32(3, Repeated).String(4, "list").I32(5, 1).End();
        Group(thrift, "element", 2);
        Text(thrift, "content");
        Text(thrift, "role");
        Text(thrift, "ability");
        Group(thrift, "reward_model", 2);
        Text(thrift, "ground_truth");
        Text(thrift, "style");
        Group(thrift, "extra_info", 5);
        thrift.Begin().I32(1, (int)PhysicalType.Int64).I32(3, Optional).String(4, "index").End();
        Text(thrift, "problem_id");
        Text(thrift, "question");
        Text(thrift, "solution");
        Text(thrift, "split");
    }

    private static void Group(ThriftWriter thrift, string name, int members) =>
        thrift.Begin().I32(3, Optional).String(4, name).I32(5, members).End();

    private static void Text(ThriftWriter thrift, string name) =>
        thrift.Begin().I32(1, (int)PhysicalType.ByteArray).I32(3, Optional).String(4, name).I32(6, Utf8).End();

    private void Put(ReadOnlySpan<byte> bytes)
    {
        _stream.Write(bytes);
        _offset += bytes.Length;
    }
}
