namespace ParallelR1.Data.Synthetic;

/// <summary>What a kind draws: the text, the answer by a formula of its own, and both routes.</summary>
/// <param name="Text">The problem.</param>
/// <param name="Answer">Computed without the routes.</param>
/// <param name="Numbers">The numbers that make the problem, in an order in which equal problems are equal; they decide the split.</param>
/// <param name="First">One way.</param>
/// <param name="Second">The other way.</param>
internal sealed record Draft(string Text, int Answer, int[] Numbers, SyntheticRoute First, SyntheticRoute Second);
