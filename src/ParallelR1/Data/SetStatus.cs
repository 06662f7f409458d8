using System.Security.Cryptography;
using System.Text;

namespace ParallelR1.Data;

/// <summary>What is on this machine of a known set, and whether it is what was recorded.</summary>
/// <param name="IsHere">It can be loaded by name.</param>
/// <param name="Files">Its files; empty for one that is made here.</param>
/// <param name="Problems">Problems loaded; null: not checked.</param>
/// <param name="Fingerprint">The fingerprint of what was loaded; null: not checked.</param>
/// <param name="Matches">Count and fingerprint are the recorded ones; null: not checked.</param>
public sealed record SetStatus(bool IsHere, IReadOnlyList<string> Files, int? Problems, string? Fingerprint, bool? Matches)
{
    /// <summary>Looks for a set; loads it where it is to be checked.</summary>
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

    /// <summary>The state in one line.</summary>
    public string Describe(KnownSet set)
    {
        ArgumentNullException.ThrowIfNull(set);
        if (!IsHere)
        {
            return set.HubRepository is null && set.Parts.Count == 0
                ? $"not here; put {set.Files[0]} into a folder that PARALLELR1_DATA names"
                : $"not here; get it with: parallel-r1 data pull {set.Name}";
        }

        var where = Files.Count == 0 ? "made here" : string.Join(", ", Files);
        return Matches switch
        {
            null => where,
            true => $"{where}; checked: {Problems:N0} {set.Unit}, fingerprint {Fingerprint}",
            false => $"{where}; differs from the recorded copy: {Problems:N0} {set.Unit}, fingerprint {Fingerprint}, recorded are {set.Problems:N0} and {set.Fingerprint}",
        };
    }

    // Order does not count: SHA-256 over the sorted SHA-256 of text and answer.
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
