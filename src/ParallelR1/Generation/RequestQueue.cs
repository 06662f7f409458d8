namespace ParallelR1.Generation;

/// <summary>
/// Waiting requests: first in, first out within a batch, and round-robin among batches, so that a large batch does not delay a single
/// request. Preempted requests come first.
/// </summary>
internal sealed class RequestQueue
{
    private readonly SortedDictionary<long, ScheduledRequest> _preempted = [];
    private readonly LinkedList<Queue<ScheduledRequest>> _batches = new();

    /// <summary>Gets the number of requests.</summary>
    public int Count => _preempted.Count + _batches.Sum(batch => batch.Count);

    /// <summary>Adds a batch.</summary>
    public void Add(IEnumerable<ScheduledRequest> batch) => _batches.AddLast(new Queue<ScheduledRequest>(batch));

    /// <summary>Returns a request that had been admitted.</summary>
    public void AddPreempted(ScheduledRequest request) => _preempted.Add(request.Order, request);

    /// <summary>Gets the next request; null if none waits.</summary>
    public ScheduledRequest? Peek() => _preempted.Count > 0 ? _preempted.First().Value : _batches.First?.Value.Peek();

    /// <summary>Removes the next request.</summary>
    public void Take()
    {
        if (_preempted.Count > 0)
        {
            _preempted.Remove(_preempted.First().Key);
            return;
        }

        var batch = _batches.First!.Value;
        batch.Dequeue();
        _batches.RemoveFirst();
        if (batch.Count > 0)
            _batches.AddLast(batch);
    }

    /// <summary>Removes and returns all requests that satisfy a condition.</summary>
    public List<ScheduledRequest> TakeAll(Func<ScheduledRequest, bool> holds)
    {
        List<ScheduledRequest> taken = [.. _preempted.Values.Where(holds)];
        foreach (var request in taken)
            _preempted.Remove(request.Order);
        for (var node = _batches.First; node is not null;)
        {
            var next = node.Next;
            if (node.Value.Any(holds))
            {
                taken.AddRange(node.Value.Where(holds));
                node.Value = new Queue<ScheduledRequest>(node.Value.Where(request => !holds(request)));
                if (node.Value.Count == 0)
                    _batches.Remove(node);
            }

            node = next;
        }

        return taken;
    }
}
