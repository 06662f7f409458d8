namespace ParallelR1.Cli;

/// <summary>What a model's files said and was read otherwise, on standard error.</summary>
internal static class ModelWarnings
{
    public static void Print(IEnumerable<string> warnings)
    {
        foreach (var warning in warnings)
            Console.Error.WriteLine($"warning: {warning}");
    }
}
