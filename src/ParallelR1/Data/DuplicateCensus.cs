using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using ParallelR1.Grading;

namespace ParallelR1.Data;

/// <summary>Counts duplicate problems, and those among them whose answers differ in value. Keeps the answers and hashes of the problems in memory.</summary>
internal sealed class DuplicateCensus(bool ignoreWhiteSpace)
{
    private readonly Dictionary<UInt128, Entry> _entries = [];

    /// <summary>Gets the number of distinct problems that occur more than once.</summary>
    public int Repeated => _entries.Values.Count(e => e.Rows > 1);

    /// <summary>Gets the number of rows of those problems.</summary>
    public int RepeatedRows => _entries.Values.Where(e => e.Rows > 1).Sum(e => e.Rows);

    /// <summary>Gets the number of those problems whose answers differ.</summary>
    public int Conflicting => _entries.Values.Count(e => e.Conflicts);

    public void Add(Problem problem)
    {
        ref var entry = ref CollectionsMarshal.GetValueRefOrAddDefault(_entries, Key(problem), out var exists);
        entry = exists
            ? entry with { Rows = entry.Rows + 1, Conflicts = entry.Conflicts || !LooseAnswer.Same(entry.Answer, problem.Answer) }
            : new Entry(1, problem.Answer, false);
    }

    public bool IsConflicting(Problem problem) => _entries.TryGetValue(Key(problem), out var entry) && entry.Conflicts;

    /// <summary>Gets a key that is equal for equal problems.</summary>
    public UInt128 Key(Problem problem) => Hash(ignoreWhiteSpace ? LooseAnswer.Compact(problem.Whole) : problem.Whole);

    private static UInt128 Hash(string text) => BinaryPrimitives.ReadUInt128BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private readonly record struct Entry(int Rows, string Answer, bool Conflicts);
}

/// <summary>Compares gold answers.</summary>
internal static class LooseAnswer
{
    private static readonly SemanticGrader s_grader = new();

    /// <summary>Returns whether two answers are equal as text, ignoring white space, or in value according to the semantic grader; undecided counts as different.</summary>
    public static bool Same(string one, string other) =>
        Compact(one) == Compact(other) || IsRight(one, other) || IsRight(other, one);

    /// <summary>Replaces each run of white space with one space.</summary>
    public static string Compact(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    // Boxed, so that the grader compares the whole text instead of extracting an answer from it. Unbalanced braces cannot be boxed.
    private static bool IsRight(string response, string answer) =>
        !BoxedAnswer.IsCut(response) && !BoxedAnswer.IsCut(answer) && s_grader.Grade($"\\boxed{{{response}}}", answer).Verdict == Verdict.Correct;
}
