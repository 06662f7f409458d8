namespace ParallelR1.Tokenization;

/// <summary>A binary min-heap of (rank, place) pairs, each stored as one 64-bit number.</summary>
internal sealed class RankHeap(int capacity)
{
    private ulong[] _items = new ulong[Math.Max(4, capacity)];
    private int _count;

    public void Push(int rank, int place)
    {
        if (_count == _items.Length)
            Array.Resize(ref _items, _count * 2);
        var item = ((ulong)(uint)rank << 32) | (uint)place;
        var at = _count++;
        while (at > 0 && _items[(at - 1) / 2] > item)
        {
            _items[at] = _items[(at - 1) / 2];
            at = (at - 1) / 2;
        }

        _items[at] = item;
    }

    public bool TryPop(out int rank, out int place)
    {
        if (_count == 0)
        {
            rank = place = -1;
            return false;
        }

        (rank, place) = ((int)(_items[0] >> 32), (int)(uint)_items[0]);
        var item = _items[--_count];
        var at = 0;
        while (2 * at + 1 < _count)
        {
            var child = 2 * at + 1;
            if (child + 1 < _count && _items[child + 1] < _items[child])
                child++;
            if (_items[child] >= item)
                break;
            _items[at] = _items[child];
            at = child;
        }

        _items[at] = item;
        return true;
    }
}
