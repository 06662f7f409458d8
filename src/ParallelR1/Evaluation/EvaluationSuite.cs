using ParallelR1.Data;

namespace ParallelR1.Evaluation;

/// <summary>A set of problems that a model is evaluated on.</summary>
/// <param name="Name">Names the suite in summaries.</param>
/// <param name="Problems">The problems, in order.</param>
public sealed record EvaluationSuite(string Name, IReadOnlyList<Problem> Problems)
{
    /// <summary>Number of responses to each problem: the k of mean@k and pass@k.</summary>
    [Bounds(1, 100_000)]
    public int Samples { get; init => field = Options.Checked(this, value); } = 1;

    /// <summary>Loads a known set by name (<c>gsm8k</c>, <c>math</c>, <c>aime24</c>, …) or a JSONL or Parquet file.</summary>
    /// <param name="nameOrFile">The name, or the file; a suite from a file is named after it.</param>
    /// <param name="limit">Only the first problems; null: all.</param>
    /// <param name="map">For files: maps a field to its column if the columns have other names.</param>
    /// <exception cref="UsageException">There is no such set or file; the message says what to do.</exception>
    /// <exception cref="InputException">A row is damaged, or there is no row.</exception>
    public static EvaluationSuite Load(string nameOrFile, int? limit = null, IReadOnlyDictionary<string, string>? map = null)
    {
        var problems = ProblemSet.Load(nameOrFile, map).Take(limit ?? int.MaxValue).ToList();
        if (problems.Count == 0)
            throw new InputException($"{nameOrFile}: holds no problems");
        return new EvaluationSuite(NameOf(nameOrFile), problems);
    }

    /// <summary>Checks suites that are evaluated together and returns what is wrong; null if nothing is. Results are keyed by name, so names must be unique.</summary>
    /// <param name="namesOrFiles">Names and files as for <see cref="Load"/>.</param>
    public static string? Objection(IEnumerable<string> namesOrFiles)
    {
        var twice = namesOrFiles.GroupBy(NameOf).FirstOrDefault(g => g.Count() > 1);
        return twice is null
            ? null
            : $"two suites are called '{twice.Key}' ({string.Join(", ", twice)}); give each once, or rename a file: a suite is called after it";
    }

    private static string NameOf(string nameOrFile) => File.Exists(nameOrFile) ? Path.GetFileNameWithoutExtension(nameOrFile) : nameOrFile;

    /// <summary>The suite without the problems whose prompts leave no room for a response: they would end an evaluation in the middle.</summary>
    /// <param name="encode">A problem's prompt as token ids.</param>
    /// <param name="context">Positions that the model's context has.</param>
    /// <param name="observer">Hears how many are left out, and which is the first; null: nobody.</param>
    /// <returns>The suite, and the prompts of its problems.</returns>
    /// <exception cref="InputException">No prompt fits.</exception>
    internal (EvaluationSuite Suite, int[][] Prompts) Fitting(Func<Problem, int[]> encode, int context, IRunObserver? observer)
    {
        ArgumentNullException.ThrowIfNull(encode);
        var longest = context - 1;
        int[][] prompts = [.. Problems.Select(encode)];
        var first = Array.FindIndex(prompts, prompt => prompt.Length > longest);
        if (first < 0)
            return (this, prompts);
        var fitting = Problems.Where((_, i) => prompts[i].Length <= longest).ToList();
        var where = $"the first is problem {first + 1}, '{Problems[first].Id}', with {prompts[first].Length} tokens";
        if (fitting.Count == 0)
            throw new InputException($"{Name}: no prompt of at most {longest} tokens, which is what the model's context holds; {where}; leave the suite out, or use a model with a longer context");
        observer?.Say($"{Name}: {Problems.Count - fitting.Count} of {Problems.Count} prompts are longer than {longest} tokens and were left out; {where}");
        return (this with { Problems = fitting }, Array.FindAll(prompts, prompt => prompt.Length <= longest));
    }
}
