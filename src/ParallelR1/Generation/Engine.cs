using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Threading.Channels;
using ParallelR1.Models;
using ParallelR1.Thinking;
using ParallelR1.Tokenization;
using ParallelR1.Torch;

namespace ParallelR1.Generation;

/// <summary>
/// Decodes in this process, as long as its model lives: requests come at any time from any thread, and all of them advance together, the paths
/// of a block side by side in the same step. What a response is does not depend on its neighbours, except where two candidates lie within
/// rounding.
/// </summary>
/// <remarks>
/// One thread of the engine's own runs the model; it starts with the first request and rests when none is live. Callbacks and streams are
/// served by it.
/// </remarks>
public sealed class Engine : IGenerator, IDisposable
{
    private const long DeviceCacheBytes = 2L << 30;
    private readonly Decoder _decoder;
    private readonly TagIds? _tags;
    private readonly PathNumbers? _numbers;
    private readonly Func<StreamDecoder>? _text;
    private readonly IReadOnlyCollection<int> _eos;
    private readonly IStepBackend _backend;
    private readonly Scheduler _scheduler;
    private readonly DecodingThread _thread;

    /// <param name="decoder">The model; it must not be disposed before the engine.</param>
    /// <param name="tags">The six tags; null: the model has none, and only plain decoding is possible.</param>
    /// <param name="eos">Tokens that end a response; null: those of the model's config.</param>
    /// <param name="limits">How much is decoded at once.</param>
    /// <param name="numbers">How the model's tokenizer writes the ordinals of paths; null: paths cannot be numbered.</param>
    /// <param name="text">Makes text of tokens as they come, for stop sequences; null: requests can have none.</param>
    public Engine(
        Decoder decoder, TagIds? tags, IReadOnlyCollection<int>? eos = null, EngineLimits? limits = null, PathNumbers? numbers = null, Func<StreamDecoder>? text = null)
        : this(decoder, tags, eos, limits, numbers, text, model => limits is not { Fused: false } && PackedDecoder.Supports(model) ? new FusedBackend(model) : new ComposedBackend(model))
    {
    }

    /// <summary>An engine whose steps a given backend runs.</summary>
    internal Engine(
        Decoder decoder, TagIds? tags, IReadOnlyCollection<int>? eos, EngineLimits? limits, PathNumbers? numbers, Func<StreamDecoder>? text, Func<Decoder, IStepBackend> backend)
    {
        ArgumentNullException.ThrowIfNull(decoder);
        _decoder = decoder;
        _tags = tags;
        _numbers = numbers ?? tags?.Numbers;
        _text = text;
        _eos = eos ?? [.. decoder.Config.EosIds];
        Limits = limits ?? new EngineLimits();
        if (Limits.CacheBytes is null && decoder.Device != Device.Cpu)
            Limits = Limits with { CacheBytes = DeviceCacheBytes };
        _backend = backend(decoder);
        _scheduler = new Scheduler(_backend, Limits, decoder.Config.VocabSize);
        _thread = new DecodingThread(_scheduler);
    }

    /// <summary>Gets how much is decoded at once.</summary>
    public EngineLimits Limits { get; }

    /// <summary>Gets what is held, and what was done.</summary>
    public EngineStatistics Statistics => _thread.Call(() => _scheduler.Statistics);

    /// <summary>Called on the decoding thread after every step with each response that is being decoded; for showing them while they grow.</summary>
    public Action<int, TraceBuilder>? Progress { get; set; }

    /// <summary>Decodes one request and streams its tokens.</summary>
    /// <param name="request">The prompt, with the key of its draws.</param>
    /// <param name="options">Limits and sampling.</param>
    /// <param name="cancellation">Stops the request; its pages are freed at the end of the step.</param>
    /// <exception cref="InputException">A prompt is empty, holds an id outside of the vocabulary, or leaves no room in the model's context.</exception>
    /// <exception cref="UsageException">The model or the engine lacks what the options ask for.</exception>
    public RunningResponse Submit(GenerationRequest request, GenerationOptions options, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var response = new RunningResponse();
        var sequence = Sequence(0, request, Shape(options));
        _thread.Submit([new ScheduledRequest(sequence, new PrefixKey(request, options), cancellation) { Emit = response.Add, Progress = Progress, Finished = response.End }]);
        return response;
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<(int Index, GenerationResult Result)> GenerateAsync(
        IReadOnlyList<GenerationRequest> requests, GenerationOptions options, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        using var batch = Begin(requests, options, cancellation);
        while (batch.Left > 0)
            yield return await batch.NextAsync(cancellation).ConfigureAwait(false);
    }

    /// <summary>Decodes requests and blocks until each next result; the synchronous form of <see cref="GenerateAsync"/>.</summary>
    /// <inheritdoc cref="GenerateAsync"/>
    public IEnumerable<(int Index, GenerationResult Result)> Generate(
        IReadOnlyList<GenerationRequest> requests, GenerationOptions options, CancellationToken cancellation = default)
    {
        var batch = Begin(requests, options, cancellation);
        return Results();

        IEnumerable<(int Index, GenerationResult Result)> Results()
        {
            using (batch)
            {
                while (batch.Left > 0)
                    yield return batch.NextAsync(cancellation).AsTask().GetAwaiter().GetResult();
            }
        }
    }

    /// <summary>
    /// To be called when the model's weights have changed: keys and values of the old ones are forgotten, and the pool's memory is freed until
    /// the next request.
    /// </summary>
    /// <exception cref="InvalidOperationException">A request is live.</exception>
    public void WeightsChanged() => _thread.Call(() =>
    {
        _scheduler.WeightsChanged();
        return true;
    });

    /// <summary>Ends all requests and frees the pool.</summary>
    public void Dispose()
    {
        if (_thread.Stop())
            _backend.Dispose();
    }

    /// <summary>Checks that a request can be decoded, without decoding it.</summary>
    /// <param name="request">The request.</param>
    /// <param name="options">Limits and sampling.</param>
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
        if (request.Stop.Count > 0 && _text is null)
            throw new InputException("stop sequences need the model's tokenizer");
        if (request.Stop.Any(string.IsNullOrEmpty))
            throw new InputException("a stop sequence is empty");
    }

    /// <summary>Hands a batch over as a whole, so that how its steps are made up does not depend on time.</summary>
    private Batch Begin(IReadOnlyList<GenerationRequest> requests, GenerationOptions options, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(requests);
        ArgumentNullException.ThrowIfNull(options);
        var shape = Shape(options);
        LiveSequence[] sequences = [.. requests.Select((request, i) => Sequence(i, request, shape))];
        var batch = new Batch(sequences.Length, cancellation);
        var progress = Progress;
        _thread.Submit([.. sequences.Select((sequence, i) => new ScheduledRequest(sequence, new PrefixKey(requests[i], options), batch.Token)
        {
            Progress = progress,
            Finished = (result, error) => batch.Finish(i, result, error),
        })]);
        return batch;
    }

    private DecodingShape Shape(GenerationOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Parallel && _tags is null)
            throw new UsageException("the model does not have the six tags, so it cannot decode in parallel; add them with `model init-tags`, or choose --engine plain");
        if (options is { Parallel: true, NumberPaths: true } && _numbers is null)
            throw new UsageException("numbered paths need the model's tokenizer, which writes their ordinals; leave out --number-paths, or take a folder with tokenizer.json");
        return new DecodingShape(
            options,
            new TokenRules(options.Parallel ? _tags!.WithNumbers(options.NumberPaths ? _numbers : null) : null, _eos),
            new Sampler(options.Temperature, options.TopP, options.TopK, options.MinP));
    }

    private LiveSequence Sequence(int index, GenerationRequest request, DecodingShape shape)
    {
        try
        {
            Check(request, shape.Options);
        }
        catch (InputException e)
        {
            throw new InputException($"request {index}: {e.Message}", e);
        }

        var tokens = Math.Min(shape.Options.MaxTokens, _decoder.Config.MaxPositions - request.Prompt.Length);
        return new LiveSequence(
            index, request, shape.Options, shape.Rules, shape.Sampler, tokens, request.Stop.Count == 0 ? null : new StopSequences(request.Stop, _text!().Push));
    }

    /// <summary>What requests with the same options share.</summary>
    private sealed record DecodingShape(GenerationOptions Options, TokenRules Rules, Sampler Sampler);

    /// <summary>A batch of requests whose results are waited for.</summary>
    private sealed class Batch : IDisposable
    {
        private readonly CancellationTokenSource _ended;
        private readonly Channel<(int Index, GenerationResult? Result, Exception? Error)> _finished = Channel.CreateUnbounded<(int, GenerationResult?, Exception?)>();
        private readonly CountdownEvent _live;

        public Batch(int count, CancellationToken cancellation)
        {
            Left = count;
            _ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            _live = new CountdownEvent(count);
            Token = _ended.Token;
        }

        public int Left { get; private set; }

        public CancellationToken Token { get; }

        public void Finish(int index, GenerationResult? result, Exception? error)
        {
            _finished.Writer.TryWrite((index, result, error));
            _live.Signal();
        }

        public async ValueTask<(int Index, GenerationResult Result)> NextAsync(CancellationToken cancellation)
        {
            cancellation.ThrowIfCancellationRequested();
            var (index, result, error) = await _finished.Reader.ReadAsync(cancellation).ConfigureAwait(false);
            Left--;
            if (error is OperationCanceledException)
                cancellation.ThrowIfCancellationRequested();
            if (error is not null)
                ExceptionDispatchInfo.Throw(error);
            return (index, result!);
        }

        /// <summary>Ends what is still live, and waits until it holds no pages any more.</summary>
        public void Dispose()
        {
            _ended.Cancel();
            _live.Wait();
            _live.Dispose();
            _ended.Dispose();
        }
    }
}
