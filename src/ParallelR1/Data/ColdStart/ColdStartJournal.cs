using System.Text;
using System.Text.Json.Nodes;
using ParallelR1.IO;

namespace ParallelR1.Data.ColdStart;

/// <summary>
/// The journal of a teacher's answers: one JSON line per answer, appended as soon as it arrives, after a first line with the settings. An
/// incomplete last line is removed, and its answer requested again. Only offsets of lines are kept in memory. Thread-safe.
/// </summary>
internal sealed class ColdStartJournal : IDisposable
{
    private const int LongestLine = 1 << 27;
    private const string SettingsKind = "settings";

    private readonly string _path;
    private readonly FileStream _stream;
    private readonly Lock _gate = new();
    private readonly Dictionary<(string Id, int Sample), Place> _places = [];
    private long _replies;
    private long _end;

    private ColdStartJournal(string path, FileStream stream) => (_path, _stream) = (path, stream);

    /// <summary>Gets the number of bytes that were removed because the last line was incomplete.</summary>
    public long Repaired { get; private set; }

    /// <summary>Opens a journal, or creates it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="settings">The settings that determine the answers; must equal those of an existing journal.</param>
    /// <exception cref="UsageException">The journal has other settings, or is in use.</exception>
    /// <exception cref="InputException">A line other than the last is damaged.</exception>
    public static ColdStartJournal Open(string path, JsonObject settings)
    {
        FileStream stream;
        try
        {
            stream = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0);
        }
        catch (IOException e) when (File.Exists(path))
        {
            throw new UsageException($"{path}: cannot be opened for writing; is another cold-start writing into this folder? ({e.Message})", e);
        }

        var journal = new ColdStartJournal(path, stream);
        try
        {
            // Parsed again, so that numbers compare as written.
            journal.Load(JsonNode.Parse(settings.ToJsonString())!.AsObject());
            return journal;
        }
        catch
        {
            journal.Dispose();
            throw;
        }
    }

    /// <summary>Returns whether a sample is done: it was answered, or refused by a teacher that answers other requests.</summary>
    /// <exception cref="UsageException">The journal has another problem under this id.</exception>
    public bool IsSettled(string id, int sample, string promptHash)
    {
        Place place;
        lock (_gate)
        {
            if (!_places.TryGetValue((id, sample), out place))
                return false;
        }

        var entry = Read(place);
        if (entry.PromptHash != promptHash)
            throw new UsageException($"{_path}: the problem '{id}' had another text when it was asked; use another folder for other problems");
        return entry.Kind == JournalEntry.ReplyKind || (entry.Kind == JournalEntry.RefusedKind && _replies > 0);
    }

    /// <summary>Gets the last entry of a sample; null if it was never requested.</summary>
    public JournalEntry? Find(string id, int sample)
    {
        Place place;
        lock (_gate)
        {
            if (!_places.TryGetValue((id, sample), out place))
                return null;
        }

        return Read(place);
    }

    public void Append(JournalEntry entry)
    {
        lock (_gate)
            Note(entry, Write(entry.ToJson()));
    }

    public void Dispose()
    {
        if (_stream.CanWrite)
            _stream.Flush(flushToDisk: true);
        _stream.Dispose();
    }

    private void Note(JournalEntry entry, Place place)
    {
        _places[(entry.Id, entry.Sample)] = place;
        if (entry.Kind == JournalEntry.ReplyKind)
            _replies++;
    }

    private Place Write(JsonObject json)
    {
        using var line = new MemoryStream();
        JsonLines.Write(line, json);
        var place = new Place(_end, (int)line.Length);
        // One write at a known offset: a failed one (disk full) leaves at most an incomplete end, which the next one overwrites.
        RandomAccess.Write(_stream.SafeFileHandle, line.GetBuffer().AsSpan(0, place.Length), place.Start);
        _end += place.Length;
        return place;
    }

    private JournalEntry Read(Place place)
    {
        var bytes = new byte[place.Length];
        var read = 0;
        while (read < bytes.Length && RandomAccess.Read(_stream.SafeFileHandle, bytes.AsSpan(read), place.Start + read) is > 0 and var more)
            read += more;
        return Parse(bytes.AsSpan(0, read), place.Line);
    }

    private void Load(JsonObject settings)
    {
        var number = 0;
        long good = 0;
        InputException? damage = null;
        foreach (var (place, text) in Lines())
        {
            // Only the last line may be damaged: it was being written when the process stopped.
            if (damage is not null)
                throw damage;
            number++;
            try
            {
                if (number == 1)
                    CheckSettings(JsonLines.Parse(_path, 1, text), settings);
                else
                    Note(Parse(Encoding.UTF8.GetBytes(text), number), place with { Line = number });
                good = place.Start + place.Length;
            }
            catch (InputException e) when (number > 1)
            {
                damage = e;
            }
        }

        Repaired = _stream.Length - good;
        if (Repaired > 0)
            _stream.SetLength(good);
        _end = good;
        if (good == 0)
            Write(new JsonObject { ["kind"] = SettingsKind, ["settings"] = settings.DeepClone() });
    }

    private JournalEntry Parse(ReadOnlySpan<byte> line, int number)
    {
        var json = JsonLines.Parse(_path, number, Encoding.UTF8.GetString(line));
        try
        {
            return JournalEntry.Read(json);
        }
        catch (Exception e) when (e is FormatException or InvalidOperationException or ArgumentException)
        {
            throw new InputException($"{_path}:{number}: not a line of a cold-start journal: {e.Message}", e);
        }
    }

    private void CheckSettings(JsonObject line, JsonObject settings)
    {
        if (line["settings"] is not JsonObject found)
            throw new InputException($"{_path}:1: the settings are missing; is this a cold-start journal?");
        foreach (var (name, value) in settings)
        {
            if (!JsonNode.DeepEquals(found[name], value))
                throw new UsageException($"{_path} was started with {name} {Shown(found[name])}, now it is {Shown(value)}; use the same, or another folder");
        }
    }

    /// <summary>Reads all lines that end in a line feed, and an unfinished last line if it exceeds the maximum length.</summary>
    private IEnumerable<(Place Place, string Text)> Lines()
    {
        using var line = new MemoryStream();
        var buffer = new byte[1 << 16];
        long start = 0;
        long at = 0;
        int read;
        while ((read = RandomAccess.Read(_stream.SafeFileHandle, buffer, at)) > 0)
        {
            var rest = 0;
            while (Array.IndexOf(buffer, (byte)'\n', rest, read - rest) is >= 0 and var end)
            {
                line.Write(buffer, rest, end + 1 - rest);
                yield return (new Place(start, (int)line.Length), Encoding.UTF8.GetString(line.GetBuffer(), 0, (int)line.Length));
                start += line.Length;
                line.SetLength(0);
                rest = end + 1;
            }

            line.Write(buffer, rest, read - rest);
            if (line.Length > LongestLine)
                throw new InputException($"{_path}: a line is longer than {LongestLine:N0} bytes; is this a cold-start journal?");
            at += read;
        }
    }

    private static string Shown(JsonNode? value)
    {
        var text = value?.ToJsonString(JsonLines.Options) ?? "nothing";
        return text.Length <= 100 ? text : $"{text.AsSpan(0, 97)}...";
    }

    private readonly record struct Place(long Start, int Length)
    {
        public int Line { get; init; }
    }
}
