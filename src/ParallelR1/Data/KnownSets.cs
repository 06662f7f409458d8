using ParallelR1.Data.Synthetic;

namespace ParallelR1.Data;

/// <summary>The problem sets that can be loaded by name.</summary>
public static class KnownSets
{
    private const string ParallelR1Repository = "Parallel-R1 (Zheng et al. 2025), validation files";
    private const string Mix = "Leo-Dai/APO_combine";

    /// <summary>Gets all sets, in the order of <c>data list</c>.</summary>
    public static IReadOnlyList<KnownSet> All { get; } =
    [
        Gsm8k("gsm8k-train", "train", 7473, "f66503719fa3c6cd", "grade-school word problems, training split"),
        Gsm8k("gsm8k-test", "test", 1319, "1733789fa15df516", "grade-school word problems, test split; also called gsm8k"),
        Math("math-train", "train", 7500, "085702bdd060f101", "competition problems, training split"),
        Math("math-test", "test", 5000, "be8218d5bfdd8976", "competition problems, test split; also called math"),
        new KnownSet
        {
            Name = "dapo-math-17k",
            Description = "competition problems with integer answers, for RL; cut, repeated and conflicting ones left out",
            Origin = "DAPO-Math-17k (Yu et al. 2025)",
            Licence = "Apache-2.0",
            Problems = 16863,
            Fingerprint = "970930184386ba6d",
            Split = "train",
            Source = "dapo-math-17k",
            Files = ["parquet/dapo-train.parquet"],
            HubRepository = "Leo-Dai/dapo-math-17k_dedup",
            HubFiles = "train",
            NeedsCleaning = true,
        },
        FromMix("aime24", 30, "4e4beb48aa70da00", "AIME 2024", "APO_AIME24"),
        FromMix("aime25", 30, "a56445a1415501b7", "AIME 2025", "APO_AIME25"),
        FromMix("amc23", 40, "35b35b0f5fec955a", "AMC 2023", "APO_AMC23"),
        FromMix("math-316", 316, "3c455e44ce5521c9", "problems of MATH with integer answers", "APO_MATH300"),
        new KnownSet
        {
            Name = "evaluation-mix",
            Description = "the mix of the published evaluation: aime25, amc23, aime24, math-316, each problem once",
            Origin = ParallelR1Repository,
            Licence = "Apache-2.0",
            Problems = 416,
            Fingerprint = "5386a018507613d1",
            Split = "test",
            Source = "evaluation-mix",
            Parts = ["aime25", "amc23", "aime24", "math-316"],
        },
        Synthetic(SyntheticDifficulty.Easy, SyntheticSplit.Train),
        Synthetic(SyntheticDifficulty.Easy, SyntheticSplit.Test),
        Synthetic(SyntheticDifficulty.Hard, SyntheticSplit.Train),
        Synthetic(SyntheticDifficulty.Hard, SyntheticSplit.Validation),
        Synthetic(SyntheticDifficulty.Hard, SyntheticSplit.Test),
    ];

    private static readonly Dictionary<string, string> Aliases = new(StringComparer.Ordinal)
    {
        ["gsm8k"] = "gsm8k-test",
        ["math"] = "math-test",
        ["dapo"] = "dapo-math-17k",
        ["mix"] = "evaluation-mix",
        ["synthetic"] = "synthetic-hard-test",
    };

    /// <summary>Gets all names and short forms.</summary>
    public static IEnumerable<string> Names => All.Select(s => s.Name).Concat(Aliases.Keys);

    /// <summary>Gets the set of a name or of a short form such as <c>gsm8k</c> or <c>math</c>; null if there is none.</summary>
    public static KnownSet? Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var whole = Aliases.GetValueOrDefault(name, name);
        return All.FirstOrDefault(s => s.Name == whole);
    }

    private static KnownSet Gsm8k(string name, string split, int problems, string fingerprint, string description) => new()
    {
        Name = name,
        Description = description,
        Origin = "GSM8K (Cobbe et al. 2021)",
        Licence = "MIT",
        Problems = problems,
        Fingerprint = fingerprint,
        Split = split,
        Source = "gsm8k",
        Files = [$"{name}.jsonl", $"parquet/{name}.parquet"],
        HubRepository = "openai/gsm8k",
        HubFiles = $"main/{split}",
    };

    private static KnownSet Math(string name, string split, int problems, string fingerprint, string description) => new()
    {
        Name = name,
        Description = description,
        Origin = "MATH (Hendrycks et al. 2021)",
        Licence = "MIT",
        Problems = problems,
        Fingerprint = fingerprint,
        Split = split,
        Source = "math",
        Files = [$"{name}.jsonl", $"parquet/{name}.parquet"],
        HubRepository = "EleutherAI/hendrycks_math",
        HubFiles = split,
    };

    private static KnownSet Synthetic(SyntheticDifficulty difficulty, SyntheticSplit split)
    {
        var defaults = new SyntheticFolderOptions();
        var (difficultyName, splitName) = (difficulty.ToString().ToLowerInvariant(), split.ToString().ToLowerInvariant());
        return new KnownSet
        {
            Name = $"synthetic-{difficultyName}-{splitName}",
            Description = $"{difficultyName} synthetic problems of seed 0, as data synth writes them{(difficulty == SyntheticDifficulty.Hard && split == SyntheticSplit.Test ? "; also called synthetic" : "")}",
            Origin = "generated locally",
            Licence = "Apache-2.0",
            Problems = (difficulty, split) switch
            {
                (SyntheticDifficulty.Easy, SyntheticSplit.Train) => defaults.Easy,
                (SyntheticDifficulty.Easy, _) => defaults.EasyTest,
                (_, SyntheticSplit.Train) => defaults.Hard,
                _ => defaults.HardTest,
            },
            Split = splitName,
            Source = "synthetic",
            IsSynthetic = true,
        };
    }

    private static KnownSet FromMix(string name, int problems, string fingerprint, string description, string dataSource) => new()
    {
        Name = name,
        Description = description,
        Origin = ParallelR1Repository,
        Licence = "Apache-2.0",
        Problems = problems,
        Fingerprint = fingerprint,
        Split = "test",
        Source = name,
        Files = [$"{name}.jsonl"],
        HubRepository = Mix,
        HubDataSource = dataSource,
    };
}
