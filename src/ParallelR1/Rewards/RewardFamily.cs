namespace ParallelR1.Rewards;

/// <summary>The two published families of rewards; they differ in grader and scale.</summary>
public enum RewardFamily
{
    /// <summary>Exact-string grader for mathematical answers; correct is +1, wrong is −1.</summary>
    Math,

    /// <summary>Number grader of GSM8K; correct is 1, wrong is 0.</summary>
    Gsm8k,
}
