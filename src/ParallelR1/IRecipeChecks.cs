namespace ParallelR1;

/// <summary>A part of a recipe that knows which combinations of its values are impossible.</summary>
public interface IRecipeChecks
{
    /// <summary>What is wrong: the key (snake case; nested with dots; "" for the part itself) and what to do about it. Nothing when all is well.</summary>
    IEnumerable<(string Key, string Problem)> Check();
}
