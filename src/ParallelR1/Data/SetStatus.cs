using System.Security.Cryptography;
using System.Text;

namespace ParallelR1.Data;

/// <summary>Whether a known set is on this machine and matches the recorded copy.</summary>
/// <param name="IsHere">Whether it can be loaded by name.</param>
/// <param name="Files">Its files; empty for a synthetic set.</param>
/// <param name="Problems">Number of problems loaded; null if not checked.</param>
/// <param name="Fingerprint">Fingerprint of the loaded problems; null if not checked.</param>
/// <param name="Matches">Whether count and fingerprint are the recorded ones; null if not checked.</param>
public sealed record SetStatus(bool IsHere, IReadOnlyList<string> Files, int? Problems, string? Fingerprint, bool? Matches)
{
    /// <summary>Looks for a set, and loads it to check it.</summary>
    /// <param name="set">The set.</param>
    /// <param name="check">Whether to load the set and compare its fingerprint.</param>
    /// <param name="cancellation">Stops the check.</param>
    /// <exception cref="InputException">A row of the set is damaged.</exception>
    public static SetStatus Of(KnownSet set, bool check, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(set);
        List<KnownSet> parts = set.Parts.Count > 0 ? [.. set.Parts.Select(p => KnownSets.Find(p)!)] : [set];
        var files = parts.SelectMany(ProblemSet.LocalFiles).Distinct().ToList();
        var isHere = parts.All(p => p.IsSynthetic || ProblemSet.LocalFiles(p).Count > 0);
        if (!check || !isHere)
            return new SetStatus(isHere, files, null, null, null);
        var (count, fingerprint) = Measure(set.Name, cancellation);
        return new SetStatus(true, files, count, fingerprint, count == set.Problems && (set.Fingerprint.Length == 0 || fingerprint == set.Fingerprint));
    }

    /// <summary>Describes the status in one line.</summary>
    public string Describe(KnownSet set)
    {
        ArgumentNullException.ThrowIfNull(set);
        if (!IsHere)
        {
            return set.HubRepository is null && set.Parts.Count == 0
                ? $"not on this machine; put {set.Files[0]} into a folder that PARALLELR1_DATA names"
                : $"not on this machine; get it with: parallel-r1 data pull {set.Name}";
        }

        var where = Files.Count == 0 ? "generated locally" : string.Join(", ", Files);
        return Matches switch
        {
            null => where,
            true => $"{where}; checked: {Problems:N0} {set.Unit}, fingerprint {Fingerprint}",
            false => $"{where}; differs from the recorded copy: {Problems:N0} {set.Unit}, fingerprint {Fingerprint}, recorded are {set.Problems:N0} and {set.Fingerprint}",
        };
    }

    // Independent of order: SHA-256 over the sorted SHA-256 of text and answer.
    private static (int Count, string Fingerprint) Measure(string name, CancellationToken cancellation)
    {
        var hashes = new List<string>();
        foreach (var row in NamedRows.Read(name))
        {
            cancellation.ThrowIfCancellationRequested();
            hashes.Add(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{RowPath.Text(row["problem"])?.Trim()}\0{RowPath.Text(row["answer"])}"))));
        }

        hashes.Sort(StringComparer.Ordinal);
        return (hashes.Count, Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(string.Concat(hashes))))[..16]);
    }
}
