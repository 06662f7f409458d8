using System.Text;

namespace ParallelR1.Data;

/// <summary>Leaves out problems with the published faults: cut texts and answers, over-long ones, repeated ones, ones with conflicting answers.</summary>
/// <remarks>Two passes over the source, so that a conflict is known before its first copy is let through; holds 24 bytes a problem, not the texts.</remarks>
public sealed class ProblemCleaner(CleaningOptions? options = null)
{
    private readonly CleaningOptions _options = options ?? new CleaningOptions();

    /// <summary>Yields what stays. <paramref name="source"/> is enumerated twice.</summary>
    /// <param name="source">The problems.</param>
    /// <param name="rejected">Told of each that does not stay.</param>
    public IEnumerable<Problem> Clean(IEnumerable<Problem> source, Action<Rejection>? rejected = null)
    {
        var conflicting = FindConflicts(source);
        var seen = new HashSet<UInt128>();
        foreach (var problem in source)
        {
            if (Judge(problem, conflicting, seen) is { } rejection)
                rejected?.Invoke(rejection);
            else
                yield return problem;
        }
    }

    /// <summary>Whether a text visibly lacks its rest: it ends in a colon.</summary>
    public static bool IsCut(string text) => text.AsSpan().TrimEnd() is [.., ':' or '：'];

    private Rejection? Judge(Problem problem, HashSet<UInt128> conflicting, HashSet<UInt128> seen)
    {
        if (_options.RejectCut && IsCut(problem.Text))
            return new Rejection(problem.Id, RejectReason.CutProblem, $"ends in '{Tail(problem.Text)}'");
        if (BoxedAnswer.IsCut(problem.Answer))
            return new Rejection(problem.Id, RejectReason.CutAnswer, $"the answer is '{problem.Answer}'");
        if (problem.Text.Length > _options.MaxCharacters)
            return new Rejection(problem.Id, RejectReason.OverLong, $"{problem.Text.Length:N0} characters, allowed are {_options.MaxCharacters:N0}");
        var key = Key(problem.Text);
        if (conflicting.Contains(key))
            return new Rejection(problem.Id, RejectReason.ConflictingAnswers, $"here the answer is '{problem.Answer}'");
        return seen.Add(key) ? null : new Rejection(problem.Id, RejectReason.Duplicate, "the same problem came before");
    }

    private static HashSet<UInt128> FindConflicts(IEnumerable<Problem> source)
    {
        var answers = new Dictionary<UInt128, UInt128>();
        var conflicting = new HashSet<UInt128>();
        foreach (var problem in source)
        {
            var (key, answer) = (Key(problem.Text), Key(problem.Answer));
            if (!answers.TryAdd(key, answer) && answers[key] != answer)
                conflicting.Add(key);
        }

        return conflicting;
    }

    /// <summary>The same for texts that differ in white space only.</summary>
    internal static UInt128 Key(string text)
    {
        var compact = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        var hash = System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(compact));
        return System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(hash);
    }

    private static string Tail(string text)
    {
        var trimmed = text.AsSpan().TrimEnd();
        return (trimmed.Length > 40 ? trimmed[^40..] : trimmed).ToString();
    }
}
