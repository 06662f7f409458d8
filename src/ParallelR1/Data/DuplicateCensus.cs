using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using ParallelR1.Grading;

namespace ParallelR1.Data;

/// <summary>Counts problems that occur more than once, and those among them whose answers differ in value. Holds answers, and hashes of the problems.</summary>
internal sealed class DuplicateCensus(bool ignoreWhiteSpace)
{
    private readonly Dictionary<UInt128, Entry> _entries = [];

    /// <summary>Distinct problems that occur more than once.</summary>
    public int Repeated => _entries.Values.Count(e => e.Rows > 1);

    /// <summary>All their rows.</summary>
    public int RepeatedRows => _entries.Values.Where(e => e.Rows > 1).Sum(e => e.Rows);

    /// <summary>Those of them with differing answers.</summary>
    public int Conflicting => _entries.Values.Count(e => e.Conflicts);

    public void Add(Problem problem)
    {
        ref var entry = ref CollectionsMarshal.GetValueRefOrAddDefault(_entries, Key(problem), out var exists);
        entry = exists
            ? entry with { Rows = entry.Rows + 1, Conflicts = entry.Conflicts || !LooseAnswer.Same(entry.Answer, problem.Answer) }
            : new Entry(1, problem.Answer, false);
    }

    public bool IsConflicting(Problem problem) => _entries.TryGetValue(Key(problem), out var entry) && entry.Conflicts;

    /// <summary>Equal for equal problems.</summary>
    public UInt128 Key(Problem problem) => Hash(ignoreWhiteSpace ? LooseAnswer.Compact(problem.Whole) : problem.Whole);

    private static UInt128 Hash(string text) => BinaryPrimitives.ReadUInt128BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private readonly record struct Entry(int Rows, string Answer, bool Conflicts);
}

/// <summary>Whether two gold answers say the same.</summary>
internal static class LooseAnswer
{
    private static readonly SemanticGrader s_grader = new();

    /// <summary>Equal in spelling, white space aside, or in value, as the semantic grader sees it; what it cannot decide is not the same.</summary>
    public static bool Same(string one, string other) =>
        Compact(one) == Compact(other) || IsRight(one, other) || IsRight(other, one);

    /// <summary>A text with each run of white space as one blank.</summary>
    public static string Compact(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    // In a box, so that the answer is the whole text and not what a sentence ends in. Braces that do not balance cannot be boxed.
    private static bool IsRight(string response, string answer) =>
        !BoxedAnswer.IsCut(response) && !BoxedAnswer.IsCut(answer) && s_grader.Grade($"\\boxed{{{response}}}", answer).Verdict == Verdict.Correct;
}
