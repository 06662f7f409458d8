using System.Runtime.CompilerServices;
using ParallelR1.Models;
using ParallelR1.Thinking;
using ParallelR1.Torch;

namespace ParallelR1.Generation;

/// <summary>
/// Decodes in this process: all sequences advance together, the paths of a block side by side in the same step. What a response is does not
/// depend on its neighbours, except where two candidates lie within rounding.
/// </summary>
/// <remarks>Not safe for concurrent use; one thread decodes.</remarks>
public sealed class Engine : IGenerator
{
    private readonly Decoder _decoder;
    private readonly TagIds? _tags;
    private readonly PathNumbers? _numbers;
    private readonly IReadOnlyCollection<int> _eos;
    private readonly EngineLimits _limits;

    /// <param name="decoder">The model.</param>
    /// <param name="tags">The six tags; null: the model has none, and only plain decoding is possible.</param>
    /// <param name="eos">Tokens that end a response; null: those of the model's config.</param>
    /// <param name="limits">How much is decoded at once.</param>
    /// <param name="numbers">How the model's tokenizer writes the ordinals of paths; null: paths cannot be numbered.</param>
    public Engine(Decoder decoder, TagIds? tags, IReadOnlyCollection<int>? eos = null, EngineLimits? limits = null, PathNumbers? numbers = null)
    {
        ArgumentNullException.ThrowIfNull(decoder);
        _decoder = decoder;
        _tags = tags;
        _numbers = numbers ?? tags?.Numbers;
        _eos = eos ?? [.. decoder.Config.EosIds];
        _limits = limits ?? new EngineLimits();
    }

    /// <summary>Called after every step with the responses that are being decoded; for showing them while they grow.</summary>
    public Action<int, TraceBuilder>? Progress { get; set; }

    /// <inheritdoc/>
    public async IAsyncEnumerable<(int Index, GenerationResult Result)> GenerateAsync(
        IReadOnlyList<GenerationRequest> requests, GenerationOptions options, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        // libtorch keeps a pool of threads for each calling thread, so the steps stay on the caller's.
        await Task.CompletedTask.ConfigureAwait(false);
        foreach (var finished in Generate(requests, options, cancellation))
            yield return finished;
    }

    /// <summary>Decodes every request; results come in the order in which they finish.</summary>
    /// <exception cref="InputException">A prompt is empty, holds an id outside of the vocabulary, or leaves no room in the model's context.</exception>
    /// <exception cref="UsageException">Parallel decoding of a model without the six tags.</exception>
    public IEnumerable<(int Index, GenerationResult Result)> Generate(
        IReadOnlyList<GenerationRequest> requests, GenerationOptions options, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(requests);
        ArgumentNullException.ThrowIfNull(options);
        if (options.Parallel && _tags is null)
            throw new UsageException("the model does not have the six tags, so it cannot decode in parallel; add them with `model init-tags`, or choose --engine plain");
        if (options is { Parallel: true, NumberPaths: true } && _numbers is null)
            throw new UsageException("numbered paths need the model's tokenizer, which writes their ordinals; leave out --number-paths, or take a folder with tokenizer.json");
        var rules = new TokenRules(options.Parallel ? _tags!.WithNumbers(options.NumberPaths ? _numbers : null) : null, _eos);
        var sampler = new Sampler(options.Temperature, options.TopP, options.TopK);
        var waiting = new Queue<LiveSequence>(requests.Select((request, i) =>
            new LiveSequence(i, request, options, rules, sampler, MaxTokens(request, options, i))));
        return waiting.Count == 0 ? [] : Run(waiting, requests, options, cancellation);
    }

    private IEnumerable<(int Index, GenerationResult Result)> Run(
        Queue<LiveSequence> waiting, IReadOnlyList<GenerationRequest> requests, GenerationOptions options, CancellationToken cancellation)
    {
        using var decoding = Decoding(waiting.Count, requests, options);
        var live = new List<LiveSequence>();
        while (waiting.Count + live.Count > 0)
        {
            cancellation.ThrowIfCancellationRequested();
            Admit(waiting, live, decoding);
            Step(live.FindAll(sequence => sequence.Finish is null), decoding);
            foreach (var sequence in live)
                Progress?.Invoke(sequence.Index, sequence.Trace);
            foreach (var sequence in live.Where(sequence => sequence.Finish is not null))
            {
                decoding.Release(sequence);
                yield return (sequence.Index, sequence.Result());
            }

            live.RemoveAll(sequence => sequence.Finish is not null);
        }
    }

    private IDecoding Decoding(int count, IReadOnlyList<GenerationRequest> requests, GenerationOptions options)
    {
        var longest = requests.Max(r => r.Prompt.Length + r.Lead.Length);
        var most = (int)Math.Min((long)longest + options.MaxTokens, Math.Max(longest, _decoder.Config.MaxPositions));
        var slots = _limits.Slots(_decoder.Config, count, most, _decoder.DType);
        return _limits.Fused && PackedDecoder.Supports(_decoder)
            ? new FusedDecoding(_decoder, slots)
            : new ComposedDecoding(_decoder, slots, Math.Min(most, longest + 128));
    }

    private static void Admit(Queue<LiveSequence> waiting, List<LiveSequence> live, IDecoding decoding)
    {
        while (waiting.Count > 0 && decoding.Free > 0)
        {
            using var scope = new TensorScope();
            using var mode = GradMode.Off();
            var added = new List<LiveSequence>();
            for (var rows = 0; waiting.Count > 0 && added.Count < decoding.Free && rows < IDecoding.PrefillRows; rows += added[^1].Trace.Given.Rows.Length)
                added.Add(waiting.Dequeue());
            decoding.Admit(added);
            live.AddRange(added);
        }
    }

    private static void Step(List<LiveSequence> live, IDecoding decoding)
    {
        if (live.Count == 0)
            return;
        using var scope = new TensorScope();
        using var mode = GradMode.Off();
        decoding.Step(live);
        foreach (var sequence in live)
            sequence.EndStep();
    }

    /// <summary>Refuses what cannot be decoded, before anything is.</summary>
    /// <exception cref="InputException">The prompt is empty, holds an id outside of the vocabulary, or leaves no room in the model's context.</exception>
    public void Check(GenerationRequest request, GenerationOptions options)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(options);
        if (request.Prompt.Length == 0)
            throw new InputException("the prompt is empty");
        var vocabulary = _decoder.Config.VocabSize;
        foreach (var id in request.Prompt.Concat(request.Lead))
        {
            if ((uint)id >= (uint)vocabulary)
                throw new InputException($"token id {id} is not in the vocabulary of {vocabulary}");
        }

        var given = request.Prompt.Length + request.Lead.Length;
        if (given >= _decoder.Config.MaxPositions)
            throw new InputException($"prompt and lead have {given} tokens, the model's context {_decoder.Config.MaxPositions}; shorten them");
    }

    private int MaxTokens(GenerationRequest request, GenerationOptions options, int index)
    {
        try
        {
            Check(request, options);
        }
        catch (InputException e)
        {
            throw new InputException($"request {index}: {e.Message}", e);
        }

        return Math.Min(options.MaxTokens, _decoder.Config.MaxPositions - request.Prompt.Length);
    }
}
