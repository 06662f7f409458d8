using System.Text.RegularExpressions;
using ParallelR1.IO;

namespace ParallelR1.Tests;

/// <summary>The arrows between the parts go one way: which folder of the library may know which.</summary>
public sealed partial class ArchitectureTests
{
    /// <summary>What a part stands on directly; it may also use what those stand on. IO and the root types serve everyone.</summary>
    private static readonly Dictionary<string, string[]> StandsOn = new()
    {
        ["IO"] = [],
        ["Thinking"] = [],
        ["Tokenization"] = [],
        ["Grading"] = [],
        ["Data"] = ["Thinking", "Tokenization", "Grading"],
        ["Models"] = ["Torch", "Thinking", "Tokenization"],
        ["Generation"] = ["Models", "Thinking", "Tokenization"],
        ["Rewards"] = ["Grading", "Thinking"],
        ["Evaluation"] = ["Generation", "Grading", "Data"],
        ["Runs"] = ["Evaluation"],
        ["Training"] = ["Models", "Generation", "Rewards", "Data", "Evaluation", "Runs"],
        ["Reproduction"] = ["Training", "Evaluation", "Runs"],
        ["Distributed"] = ["Training"],
    };

    private static readonly System.Collections.Concurrent.ConcurrentDictionary<string, HashSet<string>> s_declared = new();

    [Fact]
    public void Every_part_of_the_library_uses_only_what_it_stands_on()
    {
        var parts = Parts();
        var wrong = from part in parts
                    from file in part.Value
                    from used in Used(file, part.Key, parts)
                    where !Allowed(part.Key).Contains(used)
                    select $"{Path.GetRelativePath(Checkout(), file)}: {part.Key} must not use {used}";

        Assert.Empty(wrong);
    }

    [Fact]
    public void Every_folder_of_the_library_has_its_place_in_the_table() =>
        Assert.Empty(Parts().Keys.Except(StandsOn.Keys));

    [Fact]
    public void Namespaces_follow_folders()
    {
        var wrong = from project in Directory.GetDirectories(Path.Combine(Checkout(), "src"))
                    from file in Sources(project)
                    let folder = Path.GetRelativePath(Path.Combine(Checkout(), "src"), Path.GetDirectoryName(file)!)
                    let space = NamespacePattern().Match(File.ReadAllText(file))
                    where space.Success && space.Groups[1].Value != folder.Replace('/', '.')
                    select $"{file}: {space.Groups[1].Value}";

        Assert.Empty(wrong);
    }

    /// <summary>Everything else hands on what <c>Thinking/</c> gave it: a position, a range or a predictor made elsewhere would be a second rule.</summary>
    [Fact]
    public void Only_Thinking_makes_positions_row_ranges_and_predictors()
    {
        var makers = from part in Directory.GetDirectories(Path.Combine(Checkout(), "src"))
                     from file in Sources(part)
                     where !file.Contains("/ParallelR1/Thinking/", StringComparison.Ordinal)
                     from Match match in VisibilityPattern().Matches(CommentPattern().Replace(File.ReadAllText(file), ""))
                     select $"{Path.GetRelativePath(Checkout(), file)}: {match.Value}";

        Assert.Empty(makers);
    }

    [Fact]
    public void The_projects_refer_to_each_other_one_way()
    {
        Assert.DoesNotContain(References("ParallelR1"), name => name is "parallel-r1" or "ParallelR1.Server");
        Assert.DoesNotContain(References("ParallelR1.Torch"), name => name is "ParallelR1" or "parallel-r1");
    }

    private static IEnumerable<string?> References(string assembly) =>
        System.Reflection.Assembly.Load(assembly).GetReferencedAssemblies().Select(a => a.Name);

    private static HashSet<string> Allowed(string part)
    {
        var all = new HashSet<string> { part, "IO" };
        var next = new Stack<string>([part]);
        while (next.TryPop(out var name))
        {
            foreach (var below in StandsOn.GetValueOrDefault(name, []))
            {
                if (all.Add(below))
                    next.Push(below);
            }
        }

        return all;
    }

    /// <summary>The parts that a source names: by <c>using</c>, by full name, or by a name relative to the library's namespace.</summary>
    private static IEnumerable<string> Used(string file, string self, Dictionary<string, string[]> parts)
    {
        var code = CommentPattern().Replace(File.ReadAllText(file), "");
        var full = FullNamePattern().Matches(code).Select(m => m.Groups[1].Value);
        var relative = from match in RelativeNamePattern().Matches(code)
                       let part = match.Groups[1].Value
                       where parts.TryGetValue(part, out var files) && files.Any(f => Declared(f).Contains(match.Groups[2].Value))
                       select part;
        return full.Concat(relative).Where(name => name != self && (name == "Torch" || parts.ContainsKey(name))).Distinct();
    }

    /// <summary>The types that a source declares.</summary>
    private static HashSet<string> Declared(string file) =>
        s_declared.GetOrAdd(file, path => [.. TypePattern().Matches(CommentPattern().Replace(File.ReadAllText(path), "")).Select(m => m.Groups[1].Value)]);

    /// <summary>The library's folders and their sources.</summary>
    private static Dictionary<string, string[]> Parts() =>
        Directory.GetDirectories(Path.Combine(Checkout(), "src", "ParallelR1"))
            .Where(folder => Path.GetFileName(folder) is not ("bin" or "obj"))
            .ToDictionary(folder => Path.GetFileName(folder), Sources);

    private static string[] Sources(string folder) =>
        [.. Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains("/bin/", StringComparison.Ordinal) && !file.Contains("/obj/", StringComparison.Ordinal))];

    private static string Checkout()
    {
        Assert.SkipWhen(KnownFolders.Checkout is null, "the tests run outside of a checkout: there are no sources to read");
        return KnownFolders.Checkout!;
    }

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex NamespacePattern();

    [GeneratedRegex(@"new (TokenRange|VisibleRun|HiddenRange|TraceRow|TraceReader|BlockPositions|Segment|ParallelPath|Branch)\b|\bPositions\[[^\]]*\] *=(?!=)|\bPredictors\[[^\]]*\] *=(?!=)")]
    private static partial Regex VisibilityPattern();

    [GeneratedRegex(@"\b(?:class|record(?: struct)?|struct|enum|interface|delegate \w+) (\w+)")]
    private static partial Regex TypePattern();

    [GeneratedRegex(@"//.*$", RegexOptions.Multiline)]
    private static partial Regex CommentPattern();

    [GeneratedRegex(@"\bParallelR1\.(\w+)")]
    private static partial Regex FullNamePattern();

    [GeneratedRegex(@"(?<![\w.])([A-Z]\w+)\.([A-Z]\w+)")]
    private static partial Regex RelativeNamePattern();
}
