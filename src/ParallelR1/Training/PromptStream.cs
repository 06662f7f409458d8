using ParallelR1.Data;
using ParallelR1.Evaluation;
using ParallelR1.Generation;
using ParallelR1.Thinking;
using ParallelR1.Training.Recipes;

namespace ParallelR1.Training;

/// <summary>Reads the problems of reinforcement learning as prompts, and selects those of each step.</summary>
internal sealed class PromptStream
{
    private readonly Recipe _recipe;
    private readonly List<(Problem Problem, int[] Prompt)> _problems = [];

    /// <summary>Reads the recipe's problems; those whose prompt is too long are left out and counted.</summary>
    /// <exception cref="InputException">A row is damaged, or no problem is left.</exception>
    public PromptStream(Recipe recipe, LanguageModel model, IRunObserver observer, CancellationToken cancellation)
    {
        _recipe = recipe;
        var template = ProblemTemplate.Load(recipe.Data.PromptTemplate);
        var longest = Math.Min(recipe.Rl!.MaxPromptTokens, model.Decoder.Config.MaxPositions - 1);
        var tooLong = 0;
        foreach (var problem in ProblemSet.Load(recipe.Data.Train!, recipe.Data.Columns()).Take(recipe.Data.Limit ?? int.MaxValue))
        {
            cancellation.ThrowIfCancellationRequested();
            var prompt = model.Encode(template, problem);
            if (prompt.Length <= longest)
                _problems.Add((problem, prompt));
            else
                tooLong++;
        }

        if (tooLong > 0)
            observer.Say($"{tooLong} prompts are longer than {longest} tokens and were left out");
        if (_problems.Count == 0)
        {
            throw new InputException(tooLong == 0
                ? $"{recipe.Data.Train}: holds no problems"
                : $"{recipe.Data.Train}: no prompt of at most {longest} tokens; raise rl.max_prompt_tokens, or use a model with a longer context");
        }
    }

    public int Count => _problems.Count;

    public IEnumerable<Problem> Problems => _problems.Select(p => p.Problem);

    /// <summary>Creates the keys of a step's draws.</summary>
    public StepDraws Begin(int step) => new(RandomKey.FromSeed(_recipe.Seed).Fold("rollout").Fold(step));

    /// <summary>
    /// Gets the next problems, each with the key of its draws, in a new order for each pass over the problems. At the boundary of two passes a
    /// problem can occur twice in one step; its second occurrence then has another key.
    /// </summary>
    /// <param name="draws">The keys of the step's draws, see <see cref="Begin"/>.</param>
    /// <param name="asked">Number of problems that the stream has returned in earlier rounds and steps.</param>
    public IEnumerable<(Problem Problem, int[] Prompt, RandomKey Key)> Next(StepDraws draws, long asked)
    {
        var root = RandomKey.FromSeed(_recipe.Seed);
        var order = Array.Empty<int>();
        for (var i = 0; i < _recipe.Rl!.PromptsPerStep; i++)
        {
            var (pass, place) = Math.DivRem(asked + i, _problems.Count);
            if (order.Length == 0 || place == 0)
                order = _recipe.Data.Shuffle ? root.Fold("prompts").Fold(pass).Permutation(_problems.Count) : [.. Enumerable.Range(0, _problems.Count)];
            var index = order[place];
            yield return (_problems[index].Problem, _problems[index].Prompt, draws.Of(index));
        }
    }
}

/// <summary>The keys of one step's draws; each occurrence of a problem within the step has a key of its own.</summary>
internal sealed class StepDraws(RandomKey root)
{
    private readonly Dictionary<int, int> _times = [];

    public RandomKey Of(int problem)
    {
        var before = _times[problem] = _times.GetValueOrDefault(problem, -1) + 1;
        var key = root.Fold(problem);
        return before == 0 ? key : key.Fold("again").Fold(before);
    }
}
