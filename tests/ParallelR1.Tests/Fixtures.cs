using ParallelR1.IO;

namespace ParallelR1.Tests;

/// <summary>Finds the reference values; tests that need an absent folder are skipped with the reason.</summary>
internal static class Fixtures
{
    /// <summary>The named folder of the fixtures (or of their copies under <c>tests/fixtures</c>); skips the test where it is missing.</summary>
    public static string Folder(string name)
    {
        foreach (var root in new[] { KnownFolders.Fixtures, Copies })
        {
            if (root is not null && Directory.Exists(Path.Combine(root, name)))
                return Path.Combine(root, name);
        }

        Assert.SkipWhen(true, $"no fixtures/{name}: set PARALLELR1_FIXTURES, or put shared/fixtures beside the checkout");
        return "";
    }

    /// <summary>A file of the known data folder; skips the test where it is missing.</summary>
    public static string DataFile(string name) => Find(KnownFolders.Data, name, "PARALLELR1_DATA");

    /// <summary>A file of the known models folder; skips the test where it is missing.</summary>
    public static string ModelFile(string name) => Find(KnownFolders.Models, name, "PARALLELR1_MODELS");

    private static string? Copies =>
        KnownFolders.Checkout is { } checkout ? Path.Combine(checkout, "tests", "fixtures") : null;

    private static string Find(IReadOnlyList<string> folders, string name, string variable)
    {
        var found = folders.Select(f => Path.Combine(f, name)).FirstOrDefault(f => File.Exists(f) || Directory.Exists(f));
        Assert.SkipWhen(found is null, $"no {name}: set {variable}, or put the shared folder beside the checkout");
        return found!;
    }
}
