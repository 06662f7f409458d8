namespace ParallelR1.Cli.Doctor;

/// <summary>One kind of work, measured with one thread and with all.</summary>
/// <param name="One">Per second, with one thread.</param>
/// <param name="All">Per second, with all threads.</param>
/// <param name="Threads">How many all are.</param>
internal readonly record struct Rates(double One, double All, int Threads)
{
    /// <summary>Measurements differ by this much by themselves.</summary>
    private const double Tolerance = 0.85;

    /// <summary>More threads do harm.</summary>
    public bool SlowerTogether => Threads > 1 && All < Tolerance * One;

    public string Describe(string unit) =>
        Threads > 1 ? $"{One:F0} {unit} with 1 thread, {All:F0} with {Threads}" : $"{One:F0} {unit} with 1 thread";
}
