namespace ParallelR1.Tests.Data;

/// <summary>Small files for tests.</summary>
internal static class TestFiles
{
    public static string Write(this TemporaryFolder folder, string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(folder[name])!);
        File.WriteAllText(folder[name], text);
        return folder[name];
    }
}
