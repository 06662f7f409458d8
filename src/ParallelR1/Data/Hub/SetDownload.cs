using ParallelR1.IO;

namespace ParallelR1.Data.Hub;

/// <summary>Downloads known sets, data sets of the hub, and models.</summary>
public static class SetDownload
{
    private static readonly string[] ModelFiles =
        [".safetensors", ".json", ".txt", ".model", ".jinja", ".md", "license", "licence", "notice", ".tiktoken"];

    /// <summary>Downloads a known set, or all tables of a data set <c>OWNER/NAME</c>, into the download cache, where <see cref="ProblemSet"/> finds it.</summary>
    /// <param name="client">The hub.</param>
    /// <param name="name">A name of <c>data list</c>, or <c>OWNER/NAME</c>.</param>
    /// <param name="folder">The folder to write to; null for the download cache.</param>
    /// <param name="observer">Receives progress.</param>
    /// <param name="cancellation">Stops the download; the next call resumes it.</param>
    /// <returns>The files.</returns>
    /// <exception cref="UsageException">The name is unknown, or the set cannot be downloaded.</exception>
    /// <exception cref="HubException">The download failed.</exception>
    public static async Task<IReadOnlyList<string>> DatasetAsync(
        HubClient client,
        string name,
        string? folder,
        IRunObserver? observer,
        CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(name);
        var sets = Resolve(name);
        var files = new List<string>();
        foreach (var repository in sets.GroupBy(s => s.HubRepository!, StringComparer.Ordinal))
        {
            var target = folder ?? Path.Combine(KnownFolders.Cache, "data", ProblemSet.PulledFolder(repository.Key));
            var listed = await client.ListAsync(HubKind.Dataset, repository.Key, "main", cancellation).ConfigureAwait(false);
            var wanted = listed.Where(f => repository.Any(s => ProblemSet.BelongsTo(s, f.Path))).ToList();
            if (wanted.Count == 0)
                throw new HubException($"the data set '{repository.Key}' has no table that belongs to '{name}'; it has {Some(listed)}");
            foreach (var file in wanted)
                files.Add(await client.DownloadAsync(HubKind.Dataset, repository.Key, "main", file, target, observer, cancellation).ConfigureAwait(false));
        }

        return files;
    }

    /// <summary>Downloads a model into a folder: weights as safetensors, configuration and tokenizer; or the files that match <paramref name="include"/>.</summary>
    /// <returns>The files.</returns>
    /// <param name="client">The hub.</param>
    /// <param name="repository"><c>OWNER/NAME</c>.</param>
    /// <param name="revision">Branch, tag or commit.</param>
    /// <param name="folder">The folder to write to; created if it does not exist.</param>
    /// <param name="include">Wildcards such as <c>*.gguf</c>; empty for the files that a model folder needs.</param>
    /// <param name="observer">Receives progress.</param>
    /// <param name="cancellation">Stops the download; the next call resumes it.</param>
    /// <exception cref="HubException">The download failed.</exception>
    public static async Task<IReadOnlyList<string>> ModelAsync(
        HubClient client,
        string repository,
        string revision,
        string folder,
        IReadOnlyList<string> include,
        IRunObserver? observer,
        CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(include);
        var listed = await client.ListAsync(HubKind.Model, repository, revision, cancellation).ConfigureAwait(false);
        var wanted = listed.Where(f => include.Count > 0
            ? include.Any(i => System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(i, f.Path))
            : !f.Path.Contains('/', StringComparison.Ordinal) && ModelFiles.Any(e => f.Path.Contains(e, StringComparison.OrdinalIgnoreCase))).ToList();
        if (include.Count == 0 && !wanted.Any(f => f.Path.EndsWith(".safetensors", StringComparison.Ordinal)))
            throw new HubException($"the model '{repository}' has no safetensors; it has {Some(listed)}: choose with --include, such as --include '*.gguf' (then model convert)");
        if (wanted.Count == 0)
            throw new HubException($"no file of '{repository}' matches {string.Join(", ", include)}; it has {Some(listed)}");
        var files = new List<string>();
        foreach (var file in wanted)
            files.Add(await client.DownloadAsync(HubKind.Model, repository, revision, file, folder, observer, cancellation).ConfigureAwait(false));
        return files;
    }

    private static List<KnownSet> Resolve(string name)
    {
        if ((KnownSets.Find(name) ?? ExampleSets.Find(name)) is not { } set)
        {
            return name.Contains('/', StringComparison.Ordinal)
                ? [new KnownSet { Name = name, Description = "", Origin = name, Licence = "", Problems = 0, Split = "", Source = name, HubRepository = name }]
                : throw new UsageException($"'{name}' is not a known set{NearestName.Suggest(name, KnownSets.Names.Concat(ExampleSets.Names))} Known are {string.Join(", ", KnownSets.All.Concat(ExampleSets.All).Select(s => s.Name))}, or name a data set of the hub as OWNER/NAME");
        }

        List<KnownSet> sets = set.Parts.Count > 0 ? [.. set.Parts.Select(p => KnownSets.Find(p)!)] : [set];
        return sets.Any(s => s.HubRepository is null)
            ? throw new UsageException($"the set '{set.Name}' {(sets.All(s => s.IsSynthetic) ? "is generated locally" : "is not on a hub")}; there is nothing to download")
            : sets;
    }

    private static string Some(IReadOnlyList<HubFile> files) =>
        files.Count == 0 ? "no files" : string.Join(", ", files.Take(8).Select(f => f.Path)) + (files.Count > 8 ? ", …" : "");
}
