namespace ParallelR1.Data.Synthetic.Kinds;

/// <summary>Where the numbers with a given remainder begin, seen from either end of a range.</summary>
internal static class Ranges
{
    public static int FirstUp(Work work, int low, int modulus, int remainder)
    {
        var has = work.Remainder(low, modulus);
        if (has == remainder)
            return low;
        return work.Add(low, work.Subtract(remainder > has ? remainder : remainder + modulus, has));
    }

    public static int FirstDown(Work work, int high, int modulus, int remainder)
    {
        var has = work.Remainder(high, modulus);
        if (has == remainder)
            return high;
        return work.Subtract(high, work.Subtract(has > remainder ? has : has + modulus, remainder));
    }
}
