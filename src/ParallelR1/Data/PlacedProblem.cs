namespace ParallelR1.Data;

/// <summary>A problem and where it was read, as errors name it: <c>file:line</c>, or <c>file: row N</c> of a Parquet file.</summary>
internal readonly record struct PlacedProblem(Problem Problem, string Place);
