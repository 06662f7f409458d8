using ParallelR1.Data;

namespace ParallelR1.Evaluation;

/// <summary>Problems that a model is measured on.</summary>
/// <param name="Name">Names the suite in summaries.</param>
/// <param name="Problems">The problems, in order.</param>
public sealed record EvaluationSuite(string Name, IReadOnlyList<Problem> Problems)
{
    /// <summary>Loads a known set by name (<c>gsm8k</c>, <c>math</c>, <c>aime24</c>, …) or a JSONL or Parquet file.</summary>
    /// <param name="nameOrFile">The name, or the file; a suite from a file is named after it.</param>
    /// <param name="limit">Only the first problems; null: all.</param>
    /// <param name="map">For files: field to column, where the columns are called otherwise.</param>
    /// <exception cref="UsageException">There is no such set or file; the message says what to do.</exception>
    /// <exception cref="InputException">A row is damaged, or there is no row.</exception>
    public static EvaluationSuite Load(string nameOrFile, int? limit = null, IReadOnlyDictionary<string, string>? map = null)
    {
        var problems = ProblemSet.Load(nameOrFile, map).Take(limit ?? int.MaxValue).ToList();
        if (problems.Count == 0)
            throw new InputException($"{nameOrFile}: holds no problems");
        return new EvaluationSuite(File.Exists(nameOrFile) ? Path.GetFileNameWithoutExtension(nameOrFile) : nameOrFile, problems);
    }
}
