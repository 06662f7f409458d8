using System.Text.Json.Nodes;
using ParallelR1.Data;
using ParallelR1.Evaluation;
using ParallelR1.Generation;
using ParallelR1.Grading;
using ParallelR1.Rewards;
using ParallelR1.Runs;
using ParallelR1.Thinking;
using ParallelR1.Torch;
using ParallelR1.Training.Optimization;
using ParallelR1.Training.Policy;
using ParallelR1.Training.Recipes;

namespace ParallelR1.Training;

/// <summary>
/// Reinforcement learning (GRPO), from a recipe to a model folder. An RL step samples responses to some prompts, grades them, turns rewards
/// into advantages within the group of each prompt, and makes one optimizer step for each mini-batch.
/// </summary>
/// <remarks>
/// The old log-probabilities are those of the rollout, under exactly the positions and visibility that the trainer uses for scoring. The
/// published trainer recomputes them in a context other than that of sampling. The difference is measured in the first mini-batch, before
/// any update, and logged.
/// </remarks>
public sealed class RlStage : ITrainingStage
{
    private static readonly SemanticGrader s_semantic = new();
    private readonly Recipe _recipe;
    private readonly RlRecipe _rl;
    private readonly RunFolder _run;
    private readonly IRunObserver _observer;
    private readonly LanguageModel _model;
    private readonly Engine _engine;
    private readonly AdamW _optimizer;
    private readonly RewardFunction _reward;
    private readonly PolicyStep _step;
    private readonly PromptStream _prompts;
    private readonly PolicyStep? _reference;
    private readonly OverlongShaping? _overlong;
    private long _asked; // prompts of the stream that steps have asked so far

    private RlStage(Recipe recipe, RunFolder run, IRunObserver observer, LanguageModel model, LanguageModel? reference, Engine engine, AdamW optimizer, CancellationToken cancellation)
    {
        (_recipe, _rl, _run, _observer, _model, _engine, _optimizer) = (recipe, recipe.Rl!, run, observer, model, engine, optimizer);
        if (recipe.Rollout.Parallel && model.Tags is null)
            throw new UsageException("the model does not have the six tags, so rollouts cannot be parallel; add them with `model init-tags`, or set rollout.parallel to false");
        _reward = new RewardFunction(recipe.Reward!);
        _overlong = _rl.OverlongBuffer is { } buffer ? new OverlongShaping(recipe.Rollout.MaxTokens, buffer, _rl.OverlongPenalty) : null;
        var options = _rl.ToStepOptions() with { MaxResponseLength = recipe.Rollout.MaxTokens, Recompute = recipe.Model.Recompute };
        _step = new PolicyStep(model.Decoder, options);
        _reference = reference is null ? null : new PolicyStep(reference.Decoder, options);
        _prompts = new PromptStream(recipe, model, observer, cancellation);
        if (_rl.Credit == CreditAssignment.Parts)
            PartCredit.Require(_prompts.Problems, recipe.Data.Train!);
    }

    /// <summary>Runs the stage, or resumes an interrupted one; the trained model is in <see cref="RunFolder.ModelPath"/>.</summary>
    /// <param name="recipe">The recipe; its dtype must be resolved (see <see cref="StageModel.Resolve"/>).</param>
    /// <param name="run">The folder of the run, opened with <see cref="RecipeRun.OpenRun"/>.</param>
    /// <param name="observer">Receives progress and messages.</param>
    /// <param name="cancellation">Stops the run after the current step, with a checkpoint.</param>
    /// <exception cref="UsageException">The recipe is for another stage or inconsistent, or a file it names is missing.</exception>
    /// <exception cref="InputException">The model or the data are damaged.</exception>
    /// <exception cref="OperationCanceledException">The run was stopped; it can be resumed from the checkpoint.</exception>
    public static void Run(Recipe recipe, RunFolder run, IRunObserver observer, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(observer);
        StageModel.Require(recipe, RecipeStage.Rl);
        run.RequireWork(recipe.Rl!.Steps);
        using var model = StageModel.Open(recipe, observer);
        using var reference = recipe.Rl.KlCoefficient > 0 ? StageModel.Open(recipe) : null;
        using var optimizer = new AdamW(model.Decoder.Trainable, recipe.Optimizer!);
        using var engine = model.CreateEngine(recipe.Rollout.ToEngineLimits());
        var loop = new StageLoop(recipe, run, observer, model, optimizer);
        loop.Run(new RlStage(recipe, run, observer, model, reference, engine, optimizer, cancellation), cancellation);
    }

    int ITrainingStage.Steps => _rl.Steps;

    JsonObject? ITrainingStage.DataState => new() { ["prompts"] = _asked };

    void ITrainingStage.Resume(int step, JsonObject? data) =>
        _asked = data?["prompts"] is JsonValue value && value.TryGetValue<long>(out var asked) ? asked : (long)step * _rl.PromptsPerStep;

    IEnumerable<string> ITrainingStage.Introduce() =>
        [$"{_prompts.Count} problems, {_rl.Steps} steps of {_rl.PromptsPerStep} × {_rl.SamplesPerPrompt}", _engine.Limits.Describe()];

    IEnumerable<RunMetrics> ITrainingStage.Measure(int step) => [];

    RunMetrics ITrainingStage.Step(int step, double rate, CancellationToken cancellation)
    {
        // Rollouts can be stopped at any point: nothing of the step has changed the model yet.
        var sampled = _rl.DynamicSamplingRounds is { } rounds ? SampleWithSpread(step, rounds, cancellation) : Sample(step, _asked, _prompts.Begin(step), cancellation);
        var rollouts = sampled.Rollouts;
        var clock = TimeProvider.System.GetTimestamp();
        var advantages = GroupAdvantages.Compute([.. rollouts.Select(r => r.Reward.Score)], [.. rollouts.Select(r => r.Group)], _rl.AdvantageScale, [.. rollouts.Select(r => Carries(r).Count(carries => carries))]);
        var (corrected, correction, mismatch) = Correct(ToPolicy(rollouts, advantages));
        var responses = Refer(corrected);
        var updates = new List<PolicyStepResult>();
        for (var epoch = 0; epoch < _rl.Epochs; epoch++)
        {
            foreach (var miniBatch in MiniBatchesOf(responses))
                updates.Add(_step.Run(miniBatch, _optimizer, rate));
        }

        _engine.WeightsChanged();
        Runtime.TrimHostMemory();
        var trainSeconds = Lap(ref clock);
        _asked = sampled.Asked;
        var kept = _rl.RolloutsKept > 0 ? _rl.RolloutsKept : rollouts.Count;
        _run.WriteRollouts(step, rollouts.Take(kept).Select((r, i) => RolloutMetrics.Line(r, advantages[i])));
        if (updates.Any(u => u.Gradient.Skipped))
            _observer.Say($"step {step}: a gradient was not finite, its update was skipped; if this continues, lower optimizer.learning_rate");
        return RolloutMetrics.Of(rollouts, updates) with
        {
            SamplingRounds = _rl.DynamicSamplingRounds is null ? null : sampled.Rounds,
            ResponsesGenerated = _rl.DynamicSamplingRounds is null ? null : sampled.Rounds * _rl.PromptsPerStep * _rl.SamplesPerPrompt,
            LearningRate = rate,
            Seconds = new Dictionary<string, double> { ["rollout"] = sampled.RolloutSeconds, ["grade"] = sampled.GradeSeconds, ["train"] = trainSeconds },
            TokensPerSecond = sampled.Tokens / sampled.RolloutSeconds,
            RolloutMismatch = mismatch,
            ImportanceWeights = correction?.Summary,
            RejectedRatio = correction?.Kept.Average(kept => kept ? 0.0 : 1),
            Kl = _rl.KlCoefficient > 0 ? RolloutMetrics.Mean(updates, u => u.Kl) : null,
        };
    }

    /// <summary>Makes one round of generation: samples a group of responses to each of the next prompts, and grades them.</summary>
    private Sampled Sample(int step, long asked, StepDraws draws, CancellationToken cancellation)
    {
        var clock = TimeProvider.System.GetTimestamp();
        var results = Generate(step, [.. _prompts.Next(draws, asked)], cancellation);
        var rolloutSeconds = Lap(ref clock);
        Rollout[] rollouts = [.. results.Select(r => Judge(r.Problem, r.Group, r.Result, step))];
        return new Sampled(rollouts, asked + _rl.PromptsPerStep, 1, rolloutSeconds, Lap(ref clock), rollouts.Sum(r => (long)r.Result.Ids.Length));
    }

    /// <summary>
    /// Samples rounds until there are enough groups whose rewards differ (dynamic sampling). If the batch is not full after the last allowed round,
    /// groups of equal rewards fill it: they have no gradient, but make the averages those of a full batch.
    /// </summary>
    private Sampled SampleWithSpread(int step, int maxRounds, CancellationToken cancellation)
    {
        var sampling = new DynamicSampling(_rl.PromptsPerStep, _rl.SamplesPerPrompt, maxRounds);
        var (draws, rounds, outcome) = (_prompts.Begin(step), new List<Sampled>(), SamplingOutcome.NeedsMore);
        while (outcome == SamplingOutcome.NeedsMore)
        {
            rounds.Add(Sample(step, rounds is [.., var last] ? last.Asked : _asked, draws, cancellation));
            var rollouts = rounds[^1].Rollouts;
            outcome = sampling.Add([.. rollouts.Select(r => r.Group)], [.. rollouts.Select(r => r.Reward.Score)]).Outcome;
        }

        var chosen = sampling.Batch().Select(at => (at.Round, rounds[at.Round].Rollouts[at.Index].Group)).Distinct().ToList();
        if (outcome == SamplingOutcome.BudgetExhausted)
        {
            _observer.Say($"step {step}: after {maxRounds} rounds only {chosen.Count} of {_rl.PromptsPerStep} groups have rewards that differ; the batch is filled with others");
            chosen.AddRange(rounds.SelectMany((round, i) => round.Rollouts.Select(r => (i, r.Group))).Distinct().Except(chosen).Take(_rl.PromptsPerStep - chosen.Count).ToList());
        }

        return new Sampled(
            [.. chosen.SelectMany((at, group) => rounds[at.Round].Rollouts.Where(r => r.Group == at.Group).Select(r => r with { Group = group }))],
            rounds[^1].Asked, rounds.Count, rounds.Sum(r => r.RolloutSeconds), rounds.Sum(r => r.GradeSeconds), rounds.Sum(r => r.Tokens));
    }

    private (Problem Problem, int Group, GenerationResult Result)[] Generate(int step, (Problem Problem, int[] Prompt, RandomKey Key)[] chosen, CancellationToken cancellation)
    {
        var requests = chosen.SelectMany(c => Enumerable.Range(0, _rl.SamplesPerPrompt).Select(sample => new GenerationRequest(c.Prompt, c.Key.Fold(sample)))).ToArray();
        var results = new (Problem, int, GenerationResult)[requests.Length];
        var options = _recipe.Rollout.ToGenerationOptions(_recipe.Visibility) with { NumberPaths = _model.NumberPaths };
        try
        {
            foreach (var (i, result) in _engine.Generate(requests, options, cancellation))
            {
                var group = i / _rl.SamplesPerPrompt;
                results[i] = (chosen[group].Problem, group, result);
            }
        }
        catch (LogitsException e)
        {
            throw e.Named($"rollouts of step {step}, problem {chosen[e.Request / _rl.SamplesPerPrompt].Problem.Id}, sample {e.Request % _rl.SamplesPerPrompt}").Of(_model.Name);
        }

        return results;
    }

    private Rollout Judge(Problem problem, int group, GenerationResult result, int step)
    {
        var withTags = _model.DecodeResponse(result.Ids);
        var withoutTags = _model.Tokenizer.Decode(result.Ids, skipSpecial: true);
        int[] ids = [.. result.Prompt, .. result.Ids];
        var layout = _model.Tags is { } tags ? TraceLayout.Read(ids, result.Prompt.Length, tags) : TraceLayout.Causal(ids.Length, result.Prompt.Length);
        // The diversity of paths is measured without their ordinals.
        var reward = _reward.Score(_model.NumberPaths ? PathNumbers.Remove(withTags) : withTags, withoutTags, problem.Answer, step);
        if (_overlong is not null)
            reward = reward with { Score = reward.Score + _overlong.Penalty(result.Ids.Length) };
        return new Rollout(problem, group, result, withTags, reward, layout, s_semantic.Grade(withoutTags, problem.Answer).Verdict,
            BlockFigures.Of(ids, layout, some => _model.DecodeResponse(some), problem.Answer));
    }

    private PolicyResponse[] ToPolicy(IReadOnlyList<Rollout> rollouts, double[] advantages)
    {
        PolicyResponse[] responses = [.. rollouts.Select((r, i) => ToPolicy(r, advantages[i]))];
        if (_rl.Credit == CreditAssignment.Response)
            return responses;
        var own = PartCredit.Advantages(rollouts, advantages, some => _model.DecodeResponse(some), _rl.AdvantageScale);
        return [.. responses.Select((response, i) => response with { TokenAdvantages = own[i] })];
    }

    /// <summary>Returns, for each response token, whether it carries loss.</summary>
    private bool[] Carries(Rollout rollout) => _rl.MaskInjected ? rollout.Result.Sampled : [.. rollout.Result.Sampled.Select(_ => true)];

    private PolicyResponse ToPolicy(Rollout rollout, double advantage)
    {
        var (ids, prompt) = (rollout.Ids, rollout.Result.Prompt.Length);
        var trace = _model.Tags is not { } tags || (_recipe.Visibility == Visibility.Seen && _rl.SeenCorrection != SeenCorrection.AsSampled)
            ? TraceRows.Plain(ids, prompt)
            : TraceRows.Decoding(ids, prompt, tags, _recipe.Visibility);
        return new PolicyResponse(trace, prompt, Carries(rollout), rollout.Result.AllowedLogProbs, advantage) { Banned = rollout.Result.Banned };
    }

    /// <summary>
    /// Corrects for responses that were sampled in another context than the trainer scores them in (Seen scored causally), or by another policy. The
    /// old log-probabilities are then those scored by the trainer, and their difference from the rollout's may weight tokens or exclude them.
    /// </summary>
    private (PolicyResponse[] Responses, RolloutCorrection? Correction, RolloutMismatch? Mismatch) Correct(PolicyResponse[] responses)
    {
        var causal = _recipe.Visibility == Visibility.Seen && _rl.SeenCorrection != SeenCorrection.AsSampled;
        if (!causal && _rl.RolloutCorrection is null)
            return (responses, null, null);
        var scored = _step.LogProbs(responses);
        PolicyResponse[] compared = [.. responses.Select((response, i) => response with { OldLogProbs = scored[i] })];
        var options = _rl.RolloutCorrection
            ?? (_rl.SeenCorrection == SeenCorrection.ImportanceSampling ? new RolloutCorrectionOptions { Cap = _rl.ImportanceCap } : null);
        int[] counts = [.. responses.Select(response => response.LossTokens)];
        if (options is null || counts.Sum() == 0)
            return (compared, null, null);
        double[] trainer = [.. responses.SelectMany((response, i) => OfLossTokens(response, scored[i]))], rollout = [.. responses.SelectMany(response => OfLossTokens(response, response.OldLogProbs))];
        var correction = RolloutCorrection.Compute(trainer, rollout, counts, options);
        var at = 0;
        foreach (ref var response in compared.AsSpan())
        {
            var (weights, carries) = (new float[response.CarriesLoss.Length], new bool[response.CarriesLoss.Length]);
            for (var t = 0; t < carries.Length; t++)
            {
                if (response.CarriesLoss[t])
                    (weights[t], carries[t], at) = ((float)correction.Weights[at], correction.Kept[at], at + 1);
            }

            response = response with { Weights = weights, CarriesLoss = carries };
        }

        return (compared, correction, RolloutMismatch.Measure(trainer, rollout, counts));

        static IEnumerable<double> OfLossTokens(PolicyResponse response, float[] values) => values.Where((_, t) => response.CarriesLoss[t]).Select(value => (double)value);
    }

    /// <summary>Adds the log-probabilities under the reference policy, in the same contexts, if the loss has a KL term.</summary>
    private PolicyResponse[] Refer(PolicyResponse[] responses)
    {
        if (_reference is null)
            return responses;
        var scored = _reference.LogProbs(responses);
        return [.. responses.Select((response, i) => response with { ReferenceLogProbs = scored[i] })];
    }

    private IEnumerable<PolicyResponse[]> MiniBatchesOf(PolicyResponse[] responses)
    {
        for (var i = 0; i < _rl.MiniBatches; i++)
        {
            var (start, end) = (Bound(i), Bound(i + 1));
            if (end > start)
                yield return responses[start..end];
        }

        int Bound(int i) => _rl.PromptsPerStep * i / _rl.MiniBatches * _rl.SamplesPerPrompt;
    }

    private static double Lap(ref long clock)
    {
        var seconds = TimeProvider.System.GetElapsedTime(clock).TotalSeconds;
        clock = TimeProvider.System.GetTimestamp();
        return seconds;
    }

    /// <summary>The responses that an RL step is trained on.</summary>
    /// <param name="Rollouts">The graded responses, group after group.</param>
    /// <param name="Asked">Number of prompts taken from the stream so far.</param>
    /// <param name="Rounds">Number of rounds of generation.</param>
    /// <param name="RolloutSeconds">Duration of generation in seconds.</param>
    /// <param name="GradeSeconds">Duration of grading in seconds.</param>
    /// <param name="Tokens">Number of sampled tokens, including those of responses that were left out.</param>
    private sealed record Sampled(IReadOnlyList<Rollout> Rollouts, long Asked, int Rounds, double RolloutSeconds, double GradeSeconds, long Tokens);
}
