using ParallelR1.Models;

namespace ParallelR1.Tests.Cli;

/// <summary>The small model of <see cref="RandomModelFolder"/> with the weights of its last norm multiplied.</summary>
internal static class DamagedModelFolder
{
    public static void Write(string path, float scale)
    {
        RandomModelFolder.Write(path);
        using var decoder = DecoderFiles.Load(path);
        foreach (ref var weight in decoder.Parameters["model.norm.weight"].Span<float>())
            weight *= scale;
        decoder.Save(path);
    }
}
