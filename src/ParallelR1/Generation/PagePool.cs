using System.Diagnostics;
using ParallelR1.Thinking;

namespace ParallelR1.Generation;

/// <summary>
/// The pages of keys and values of an engine, with a reference count for each. A page is shared by increasing its count; it is free when its
/// last user releases it.
/// </summary>
/// <param name="most">Maximum number of pages.</param>
/// <param name="resize">Resizes the memory to the given number of pages.</param>
internal sealed class PagePool(int most, Action<int> resize)
{
    /// <summary>Number of entries (tokens) of a page. Equal to the page size of traces, so that a page belongs to one branch.</summary>
    public const int PageSize = TraceBuilder.PageSize;

    private const int LeastPages = 16;
    private readonly List<int> _users = []; // of each page
    private readonly Stack<int> _free = [];

    /// <summary>Gets the maximum number of pages.</summary>
    public int Most { get; private set; } = Math.Max(1, most);

    /// <summary>Gets the number of pages that have users.</summary>
    public int InUse => _users.Count - _free.Count;

    /// <summary>Gets the number of pages that may still be taken.</summary>
    public int Free => Most - InUse;

    /// <summary>Takes a free page; its only user is the caller.</summary>
    /// <returns>The page; −1 if all are in use.</returns>
    public int Take()
    {
        if (_free.Count == 0 && !Grow())
            return -1;
        var page = _free.Pop();
        Debug.Assert(_users[page] == 0, "A free page has no user.");
        _users[page] = 1;
        AssertInvariants();
        return page;
    }

    /// <summary>Adds a user to a page.</summary>
    public void Share(int page)
    {
        Debug.Assert(_users[page] > 0, "Only a page in use is shared.");
        _users[page]++;
    }

    /// <summary>Removes a user from a page, which is free when it has none left.</summary>
    public void Release(int page)
    {
        Debug.Assert(_users[page] > 0, "A page is released once by each user.");
        if (--_users[page] == 0)
            _free.Push(page);
        if (InUse == 0)
            Most = Math.Max(most, _users.Count); // what was exceeded for one is not promised to others
        AssertInvariants();
    }

    /// <summary>Gets the number of users of a page.</summary>
    public int Users(int page) => _users[page];

    /// <summary>Gets the total number of users of all pages.</summary>
    public int Users() => _users.Sum();

    /// <summary>Raises the limit by one page: a single sequence may use as much memory as it needs.</summary>
    public void Exceed() => Most++;

    /// <summary>Frees the memory; no page may be in use.</summary>
    public void Clear()
    {
        Debug.Assert(InUse == 0, "Memory is freed when no page is in use.");
        _users.Clear();
        _free.Clear();
        Most = Math.Max(1, most);
        resize(0);
    }

    private bool Grow()
    {
        var pages = (int)Math.Min(Most, Math.Max(LeastPages, 2L * _users.Count));
        if (pages <= _users.Count)
            return false;
        resize(pages);
        for (var page = pages - 1; page >= _users.Count; page--)
            _free.Push(page);
        _users.AddRange(new int[pages - _users.Count]);
        return true;
    }

    [Conditional("DEBUG")]
    private void AssertInvariants()
    {
        Debug.Assert(PageSize <= 64, "A page holds at most 64 entries.");
        Debug.Assert(_free.Count == _users.Count(users => users == 0) && _users.TrueForAll(users => users >= 0), "Pages are free or have users.");
        Debug.Assert(_users.Count <= Most, "There are no more pages than allowed.");
    }
}

/// <summary>
/// The page table of a trace: maps its rows to entries of the pool. A branch of the trace is a table of (page, count): its row ranges, cut at pages.
/// </summary>
/// <param name="pool">The pool of pages.</param>
internal sealed class PageTable(PagePool pool)
{
    private readonly List<int> _pages = []; // −1: none yet

    /// <summary>Gets the number of pages held.</summary>
    public int Pages { get; private set; }

    /// <summary>Gets the entry of the pool that holds a row.</summary>
    public int Entry(int row)
    {
        Debug.Assert(row / PagePool.PageSize < _pages.Count && _pages[row / PagePool.PageSize] >= 0, "A row has its page.");
        return _pages[row / PagePool.PageSize] * PagePool.PageSize + row % PagePool.PageSize;
    }

    /// <summary>Makes sure that a row has a page.</summary>
    /// <returns>False if the pool has no page left.</returns>
    public bool Reserve(int row)
    {
        var at = row / PagePool.PageSize;
        while (_pages.Count <= at)
            _pages.Add(-1);
        if (_pages[at] < 0)
        {
            _pages[at] = pool.Take();
            Pages += _pages[at] < 0 ? 0 : 1;
        }

        return _pages[at] >= 0;
    }

    /// <summary>Gets the page that holds a group of rows; −1 if there is none.</summary>
    /// <param name="index">Row index divided by the page size.</param>
    public int Page(int index) => index < _pages.Count ? _pages[index] : -1;

    /// <summary>Appends a page that another table has filled.</summary>
    public void Share(int page)
    {
        pool.Share(page);
        _pages.Add(page);
        Pages++;
    }

    /// <summary>Adds rows to those that the next row of a step sees.</summary>
    public void See(TokenRange rows, Models.StepTable step)
    {
        for (var start = rows.Start; start < rows.End;)
        {
            var end = Math.Min(rows.End, (start / PagePool.PageSize + 1) * PagePool.PageSize);
            step.See(Entry(start), end - start);
            start = end;
        }
    }

    /// <summary>Releases all pages.</summary>
    public void Release()
    {
        foreach (var page in _pages)
        {
            if (page >= 0)
                pool.Release(page);
        }

        _pages.Clear();
        Pages = 0;
    }
}
