using System.Diagnostics;
using System.Text.Json.Nodes;
using ParallelR1.Data;
using ParallelR1.Generation;
using ParallelR1.Grading;
using ParallelR1.Rewards;
using ParallelR1.Runs;
using ParallelR1.Thinking;
using ParallelR1.Training.Optimization;
using ParallelR1.Training.Policy;
using ParallelR1.Training.Recipes;

namespace ParallelR1.Training;

/// <summary>
/// Reinforcement learning (GRPO), from a recipe to a model folder. A step: sample responses to some prompts, grade them, turn rewards into
/// advantages within each prompt's group, and make one optimizer step for each mini-batch.
/// </summary>
/// <remarks>
/// The old log-probabilities are those of the rollout, under exactly the positions and visibility that the trainer scores; the published
/// trainer computes them again in another context than they were sampled in. The difference is measured in the first mini-batch, before any
/// update, and logged.
/// </remarks>
public sealed class RlStage
{
    private static readonly SemanticGrader s_semantic = new();
    private readonly Recipe _recipe;
    private readonly RlRecipe _rl;
    private readonly RunFolder _run;
    private readonly IRunObserver _observer;
    private readonly LanguageModel _model;
    private readonly AdamW _optimizer;
    private readonly RewardFunction _reward;
    private readonly PolicyStep _step;
    private readonly List<(Problem Problem, int[] Prompt)> _problems;

    private RlStage(Recipe recipe, RunFolder run, IRunObserver observer, LanguageModel model, AdamW optimizer)
    {
        (_recipe, _rl, _run, _observer, _model, _optimizer) = (recipe, recipe.Rl!, run, observer, model, optimizer);
        _reward = new RewardFunction(recipe.Reward!);
        _step = new PolicyStep(model.Decoder, _rl, recipe.Rollout.MaxTokens, recipe.Model.Recompute);
        _problems = ReadProblems();
    }

    /// <summary>Runs the stage, or goes on with one that was interrupted; the result is in <see cref="RunFolder.ModelPath"/>.</summary>
    /// <exception cref="OperationCanceledException">Interrupted, after saving a checkpoint.</exception>
    public static void Run(Recipe recipe, RunFolder run, IRunObserver observer, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(observer);
        run.RequireWork(recipe.Rl!.Steps);
        using var model = StageModel.Open(recipe);
        using var optimizer = new AdamW(model.Decoder.Parameters, recipe.Optimizer!);
        new RlStage(recipe, run, observer, model, optimizer).Run(cancellation);
    }

    private void Run(CancellationToken cancellation)
    {
        if (_run.ResumedCheckpoint is { } checkpoint)
            TrainingState.Restore(checkpoint, _model, _optimizer);
        var schedule = _recipe.Optimizer!.CreateSchedule(_rl.Steps);
        for (var step = (_run.ResumedStep ?? 0) + 1; step <= _rl.Steps; step++)
        {
            try
            {
                Step(step, schedule.Rate(step - 1), cancellation);
            }
            catch (OperationCanceledException)
            {
                // Rollouts can be stopped at any point: nothing of the step has changed the model yet.
                _run.SaveCheckpoint(step - 1, folder => TrainingState.Save(folder, _model, _optimizer, step - 1));
                _observer.Say($"interrupted after step {step - 1}; go on with --resume");
                throw;
            }

            if (_recipe.Checkpoint.Every > 0 && (step % _recipe.Checkpoint.Every == 0 || step == _rl.Steps))
                _run.SaveCheckpoint(step, folder => TrainingState.Save(folder, _model, _optimizer, step));
        }

        _run.WriteModel(folder => StageResult.Write(folder, _model, _optimizer, _recipe));
    }

    private void Step(int step, double rate, CancellationToken cancellation)
    {
        var clock = Stopwatch.GetTimestamp();
        var results = Generate(step, cancellation);
        var rolloutSeconds = Lap(ref clock);
        var rollouts = results.Select(r => Judge(r.Problem, r.Group, r.Result, step)).ToArray();
        var advantages = GroupAdvantages.Compute([.. rollouts.Select(r => r.Reward.Score)], [.. rollouts.Select(r => r.Group)], _rl.AdvantageScale);
        var gradeSeconds = Lap(ref clock);
        var rows = Correct([.. rollouts.Select((r, i) => Row(r, advantages[i]))]);
        var updates = new List<PolicyStepResult>();
        for (var epoch = 0; epoch < _rl.Epochs; epoch++)
        {
            foreach (var miniBatch in MiniBatchesOf(rows))
                updates.Add(_step.Run(miniBatch, _optimizer, rate));
        }

        var metrics = RolloutMetrics.Of(rollouts, updates);
        metrics[MetricNames.LearningRate] = rate;
        metrics[MetricNames.Seconds] = new JsonObject { ["rollout"] = rolloutSeconds, ["grade"] = gradeSeconds, ["train"] = Lap(ref clock) };
        metrics[MetricNames.TokensPerSecond] = rollouts.Sum(r => (double)r.Result.Ids.Length) / rolloutSeconds;
        _run.Metrics.Append(step, MetricNames.Train, metrics);
        var kept = _rl.RolloutsKept > 0 ? rollouts.Take(_rl.RolloutsKept) : rollouts;
        _run.WriteRollouts(step, kept.Select(RolloutMetrics.Line));
        _observer.Report(new RunProgress("rl", step, _rl.Steps,
            $"reward {metrics[MetricNames.Reward]!.GetValue<double>():0.00}, accuracy {metrics[MetricNames.Accuracy]!.GetValue<double>():0.00}, parallel {metrics[MetricNames.ParallelRatio]!.GetValue<double>():0.00}"));
    }

    private (Problem Problem, int Group, GenerationResult Result)[] Generate(int step, CancellationToken cancellation)
    {
        var root = RandomKey.FromSeed(_recipe.Seed).Fold("rollout").Fold(step);
        var requests = new List<GenerationRequest>();
        var chosen = Prompts(step);
        foreach (var index in chosen)
        {
            for (var sample = 0; sample < _rl.SamplesPerPrompt; sample++)
                requests.Add(new GenerationRequest(_problems[index].Prompt, root.Fold(index).Fold(sample)));
        }

        var results = new (Problem, int, GenerationResult)[requests.Count];
        foreach (var (i, result) in _model.CreateEngine().Generate(requests, _recipe.Rollout.ToGenerationOptions(_recipe.Visibility), cancellation))
        {
            var group = i / _rl.SamplesPerPrompt;
            results[i] = (_problems[chosen[group]].Problem, group, result);
        }

        return results;
    }

    /// <summary>The prompts of a step: the problems in a new order for each pass over them.</summary>
    private int[] Prompts(int step)
    {
        var chosen = new int[_rl.PromptsPerStep];
        var order = Array.Empty<int>();
        for (var i = 0; i < chosen.Length; i++)
        {
            var (pass, place) = Math.DivRem((long)(step - 1) * _rl.PromptsPerStep + i, _problems.Count);
            if (order.Length == 0 || place == 0)
                order = _recipe.Data.Shuffle ? RandomKey.FromSeed(_recipe.Seed).Fold("prompts").Fold(pass).Permutation(_problems.Count) : [.. Enumerable.Range(0, _problems.Count)];
            chosen[i] = order[place];
        }

        return chosen;
    }

    private Rollout Judge(Problem problem, int group, GenerationResult result, int step)
    {
        var withTags = _model.DecodeResponse(result.Ids);
        var withoutTags = _model.Tokenizer.Decode(result.Ids, skipSpecial: true);
        int[] ids = [.. result.Prompt, .. result.Ids];
        var layout = _model.Tags is { } tags ? TraceLayout.Read(ids, result.Prompt.Length, tags) : TraceLayout.Causal(ids.Length, result.Prompt.Length);
        return new Rollout(problem, group, result, withTags, _reward.Score(withTags, withoutTags, problem.Answer, step), layout, s_semantic.Grade(withoutTags, problem.Answer).Verdict);
    }

    private PolicyRow Row(Rollout rollout, double advantage)
    {
        var (ids, prompt) = (rollout.Ids, rollout.Result.Prompt.Length);
        var trace = _model.Tags is not { } tags || (_recipe.Visibility == Visibility.Seen && _rl.SeenCorrection != SeenCorrection.AsSampled)
            ? ScoredTrace.Plain(ids, prompt)
            : _recipe.Visibility == Visibility.Seen ? ScoredTrace.Seen(ids, prompt, tags) : ScoredTrace.Unseen(ids, prompt, tags);
        var carries = _rl.MaskInjected ? rollout.Result.Sampled : [.. rollout.Result.Sampled.Select(_ => true)];
        return new PolicyRow(trace, prompt, carries, rollout.Result.LogProbs, advantage);
    }

    /// <summary>
    /// Seen scored causally: the policy is compared with itself in that context, and each token may be weighted by the (capped) ratio of
    /// that probability to the one it was sampled with.
    /// </summary>
    private PolicyRow[] Correct(PolicyRow[] rows)
    {
        if (_recipe.Visibility != Visibility.Seen || _rl.SeenCorrection == SeenCorrection.AsSampled)
            return rows;
        var scored = _step.LogProbs(rows);
        return [.. rows.Select((row, i) => row with
        {
            OldLogProbs = scored[i],
            Weights = _rl.SeenCorrection == SeenCorrection.None
                ? null
                : [.. scored[i].Zip(row.OldLogProbs, (trainer, rollout) => (float)Math.Min(Math.Exp(Math.Clamp(trainer - rollout, -20, 20)), _rl.ImportanceCap))],
        })];
    }

    private IEnumerable<PolicyRow[]> MiniBatchesOf(PolicyRow[] rows)
    {
        for (var i = 0; i < _rl.MiniBatches; i++)
        {
            var (start, end) = (Bound(i), Bound(i + 1));
            if (end > start)
                yield return rows[start..end];
        }

        int Bound(int i) => _rl.PromptsPerStep * i / _rl.MiniBatches * _rl.SamplesPerPrompt;
    }

    private List<(Problem Problem, int[] Prompt)> ReadProblems()
    {
        var template = ProblemTemplate.Load(_recipe.Data.PromptTemplate);
        var problems = ProblemSet.Load(_recipe.Data.Train!).Take(_recipe.Data.Limit ?? int.MaxValue)
            .Select(problem => (Problem: problem, Prompt: _model.EncodeProblem(template, problem.Text))).ToList();
        var tooLong = problems.RemoveAll(p => p.Prompt.Length > _rl.MaxPromptTokens);
        if (tooLong > 0)
            _observer.Say($"{tooLong} prompts are longer than {_rl.MaxPromptTokens} tokens and were left out");
        _observer.Say($"{problems.Count} problems, {_rl.Steps} steps of {_rl.PromptsPerStep} × {_rl.SamplesPerPrompt}");
        return problems.Count > 0 ? problems : throw new InputException($"{_recipe.Data.Train}: no prompt of at most {_rl.MaxPromptTokens} tokens; raise rl.max_prompt_tokens");
    }

    private static double Lap(ref long clock)
    {
        var seconds = Stopwatch.GetElapsedTime(clock).TotalSeconds;
        clock = Stopwatch.GetTimestamp();
        return seconds;
    }
}
