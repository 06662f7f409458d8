using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Threading.Channels;
using ParallelR1.Models;
using ParallelR1.Thinking;
using ParallelR1.Tokenization;
using ParallelR1.Torch;

namespace ParallelR1.Generation;

/// <summary>
/// Decodes responses in this process. Requests may arrive at any time from any thread, and all of them advance together; the paths of a
/// block are decoded side by side in the same step. A response does not depend on the requests decoded with it, except where two candidate
/// tokens are within rounding error of each other.
/// </summary>
/// <remarks>
/// The model runs on one thread of the engine, which starts with the first request and ends after a while without requests. Callbacks and
/// streams are called and filled on this thread.
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

    /// <summary>Initializes an engine for a decoder.</summary>
    /// <param name="decoder">The model; it must not be disposed before the engine.</param>
    /// <param name="tags">The six tags; null if the model has none, so that only plain decoding is possible.</param>
    /// <param name="eos">Tokens that end a response; null for those of the model's config.</param>
    /// <param name="limits">Number of concurrent responses and memory of the cache; null for the defaults.</param>
    /// <param name="numbers">How the model's tokenizer encodes the ordinals of paths; null for those of <paramref name="tags"/>, if any.</param>
    /// <param name="text">Creates a decoder from tokens to text, for stop sequences; null if requests have none.</param>
    public Engine(
        Decoder decoder, TagIds? tags, IReadOnlyCollection<int>? eos = null, EngineLimits? limits = null, PathNumbers? numbers = null, Func<StreamDecoder>? text = null)
        : this(decoder, tags, eos, limits, numbers, text, model => limits is not { Fused: false } && PackedDecoder.Supports(model) ? new FusedBackend(model) : new ComposedBackend(model))
    {
    }

    /// <summary>Initializes an engine with a given backend.</summary>
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

    /// <summary>Gets the number of responses decoded at once and the memory for keys and values.</summary>
    public EngineLimits Limits { get; }

    /// <summary>Gets statistics of memory, requests and steps.</summary>
    public EngineStatistics Statistics => _thread.Call(() => _scheduler.Statistics);

    /// <summary>Gets or sets a callback that is called on the decoding thread after every step for each response being decoded, with its index and its trace.</summary>
    public Action<int, TraceBuilder>? Progress { get; set; }

    /// <summary>Decodes one request and streams its tokens.</summary>
    /// <param name="request">The prompt, with the key of its draws.</param>
    /// <param name="options">Limits and sampling.</param>
    /// <param name="cancellation">Stops the request; its pages are freed at the end of the step.</param>
    /// <returns>The response, with a stream of its tokens.</returns>
    /// <exception cref="InputException">
    /// The prompt is empty, has an id outside the vocabulary, or leaves no room in the model's context; or a stop sequence is empty, or the engine
    /// has no text decoder for stop sequences.
    /// </exception>
    /// <exception cref="UsageException">The model or the engine does not support the options.</exception>
    /// <exception cref="ObjectDisposedException">The engine was disposed.</exception>
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
    /// Discards all keys and values and frees the pool's memory until the next request. Must be called after the model's weights have changed.
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
    /// <exception cref="InputException">
    /// The prompt is empty, has an id outside the vocabulary, or leaves no room in the model's context; or a stop sequence is empty, or the engine
    /// has no text decoder for stop sequences.
    /// </exception>
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

    /// <summary>Submits a batch as a whole, so that the composition of its steps does not depend on timing.</summary>
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

    /// <summary>State that requests with the same options share.</summary>
    private sealed record DecodingShape(GenerationOptions Options, TokenRules Rules, Sampler Sampler);

    /// <summary>A submitted batch of requests, and its results.</summary>
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

        /// <summary>Ends the live requests, and waits until they hold no pages.</summary>
        public void Dispose()
        {
            _ended.Cancel();
            _live.Wait();
            _live.Dispose();
            _ended.Dispose();
        }
    }
}
