using System.Text.Json.Nodes;
using ParallelR1.Data;
using ParallelR1.Generation;

namespace ParallelR1.Evaluation.Arms;

/// <summary>Measures the seconds of answers, one response at a time, and keeps them like evaluations.</summary>
/// <param name="measurements">Stores the results.</param>
/// <param name="options">Problems, rounds, seed and template.</param>
/// <param name="time">The clock.</param>
/// <param name="observer">Observes the progress.</param>
internal sealed class ArmTiming(ArmMeasurements measurements, ArmComparisonOptions options, TimeProvider time, IRunObserver observer)
{
    /// <summary>Times the arms of the registered claim, in <see cref="ArmComparisonOptions.Rounds"/> rounds.</summary>
    /// <param name="arms">As for <see cref="AnswerTimes.Arms"/>.</param>
    /// <param name="cancellation">Stops between two answers.</param>
    public AnswerTimes Claim(IReadOnlyList<TimedDecoding> arms, CancellationToken cancellation) => Kept("seconds", arms, options.Rounds, AnswerTimes.Of, cancellation);

    /// <summary>Times the points of the curve, in one round.</summary>
    public IReadOnlyList<TimedArm> Curve(IReadOnlyList<TimedDecoding> points, CancellationToken cancellation) =>
        Kept("seconds-of-curve", points, 1, seconds => (TimedArm[])[.. seconds.Select(arm => new TimedArm(arm.Name, arm.Cap, arm.Seconds[0].Average(), [arm.Seconds[0].Average()]))], cancellation);

    private T Kept<T>(string name, IReadOnlyList<TimedDecoding> arms, int rounds, Func<IReadOnlyList<(string Name, int Cap, double[][] Seconds)>, T> result, CancellationToken cancellation)
        where T : class
    {
        var settings = new JsonObject(arms.SelectMany((arm, i) => measurements.Settings(arm.Folder, arm.Decoding, 1, options.Seed)
            .Select(s => KeyValuePair.Create($"{i + 1}.{s.Key}", s.Value?.DeepClone()))))
        {
            ["dtype"] = options.Dtype,
            ["timed_problems"] = options.TimedProblems,
            ["rounds"] = rounds,
        };
        if (measurements.Find<T>(name, settings) is { } stored)
            return stored;
        var seconds = Measure(arms, rounds, cancellation);
        var measured = result([.. arms.Select((arm, i) => (arm.Name, arm.Cap, seconds[i]))]);
        measurements.Keep(name, settings, measured);
        return measured;
    }

    /// <summary>Answers every problem once in each round; the arms take turns in going first.</summary>
    /// <returns>For each arm the seconds of each round and problem.</returns>
    private double[][][] Measure(IReadOnlyList<TimedDecoding> arms, int rounds, CancellationToken cancellation)
    {
        Problem[] problems = [.. options.Suite.Problems.Take(options.TimedProblems)];
        double[][][] seconds = [.. arms.Select(_ => Enumerable.Range(0, rounds).Select(_ => new double[problems.Length]).ToArray())];
        var models = new Dictionary<string, TimedModel>();
        try
        {
            foreach (var folder in arms.Select(arm => arm.Folder).Distinct())
                models[folder] = new TimedModel(LanguageModel.Load(folder, options.Type), problems, options);
            for (var arm = 0; arm < arms.Count; arm++) // what is made once is not timed
                models[arms[arm].Folder].Answer(0, arms[arm].Decoding, cancellation);
            for (var round = 0; round < rounds; round++)
            {
                for (var problem = 0; problem < problems.Length; problem++)
                {
                    cancellation.ThrowIfCancellationRequested();
                    for (var turn = 0; turn < arms.Count; turn++)
                    {
                        var arm = (turn + problem + round) % arms.Count;
                        var start = time.GetTimestamp();
                        models[arms[arm].Folder].Answer(problem, arms[arm].Decoding, cancellation);
                        seconds[arm][round][problem] = time.GetElapsedTime(start).TotalSeconds;
                    }

                    observer.Report(new RunProgress("timing answers", round * problems.Length + problem + 1, (long)rounds * problems.Length));
                }
            }
        }
        finally
        {
            foreach (var model in models.Values)
                model.Dispose();
        }

        return seconds;
    }

    private sealed class TimedModel(LanguageModel model, IReadOnlyList<Problem> problems, ArmComparisonOptions options) : IDisposable
    {
        private readonly Engine _engine = model.CreateEngine(new EngineLimits { Sequences = 1 });
        private readonly GenerationRequest[] _requests = Requests(model, problems, options);

        public void Answer(int problem, GenerationOptions decoding, CancellationToken cancellation)
        {
            foreach (var _ in _engine.Generate([_requests[problem]], decoding with { NumberPaths = decoding.Parallel && model.NumberPaths }, cancellation))
            {
            }
        }

        public void Dispose()
        {
            _engine.Dispose();
            model.Dispose();
        }

        private static GenerationRequest[] Requests(LanguageModel model, IReadOnlyList<Problem> problems, ArmComparisonOptions options)
        {
            var encode = Evaluator.EncoderOf(model, new EvaluationOptions { Template = options.Template });
            return [.. problems.Select(problem => new GenerationRequest(encode(problem), Evaluator.KeyOf(options.Seed, problem.Text, 0).Fold(0)))];
        }
    }
}

/// <summary>How an arm is timed.</summary>
/// <param name="Name">The arm.</param>
/// <param name="Folder">Its model folder.</param>
/// <param name="Cap">Its cap on the critical path.</param>
/// <param name="Decoding">How it decodes.</param>
internal sealed record TimedDecoding(string Name, string Folder, int Cap, GenerationOptions Decoding);
