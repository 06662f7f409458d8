using System.Text.Json.Nodes;
using ParallelR1.Data;
using ParallelR1.Generation;
using ParallelR1.Grading;

namespace ParallelR1.Evaluation;

/// <summary>Counts while responses come in.</summary>
internal sealed class SuiteTally(EvaluationSuite suite, bool second)
{
    private readonly int[] _correct = new int[suite.Problems.Count];
    private readonly int[] _opened = new int[suite.Problems.Count];
    private int _secondCorrect, _disagreements, _withBlock, _wellFormed, _noAnswer, _undecided, _cut, _blocks;
    private long _tokens, _critical;
    private double _positions;
    private BlockFigures _figures;

    public int Responses { get; private set; }

    public int Expected => suite.Problems.Count * suite.Samples;

    public void Add(int problem, JudgedResponse response)
    {
        Responses++;
        _correct[problem] += response.Grade.IsCorrect ? 1 : 0;
        if (response.Second is { } other)
        {
            _secondCorrect += other.IsCorrect ? 1 : 0;
            _disagreements += other.IsCorrect != response.Grade.IsCorrect ? 1 : 0;
        }

        _opened[problem] += response.Blocks > 0 ? 1 : 0;
        _withBlock += response.Blocks > 0 ? 1 : 0;
        _wellFormed += response.WellFormed ? 1 : 0;
        _noAnswer += response.Grade.Verdict == Verdict.NoAnswer ? 1 : 0;
        _undecided += response.Grade.Verdict == Verdict.Undecided ? 1 : 0;
        _cut += response.Finish == FinishReason.Length ? 1 : 0;
        _blocks += response.Blocks;
        _positions += response.BlockPositions.Sum();
        _figures += response.Figures;
        _tokens += response.Tokens;
        _critical += response.CriticalPath;
    }

    public string Describe() => $"correct {100.0 * _correct.Sum() / Responses:F1} %, with blocks {100.0 * _withBlock / Responses:F0} %";

    public SuiteResult Result(double seconds) => new()
    {
        Name = suite.Name,
        Samples = suite.Samples,
        Correct = _correct,
        SecondCorrect = second ? _secondCorrect : null,
        Disagreements = second ? _disagreements : null,
        Opened = _opened,
        WithBlock = _withBlock,
        WellFormed = _wellFormed,
        NoAnswer = _noAnswer,
        Undecided = _undecided,
        CutByLength = _cut,
        Blocks = _blocks,
        BlockPosition = _blocks > 0 ? _positions / _blocks : null,
        Figures = _figures,
        TokensTotal = _tokens,
        TokensCriticalPath = _critical,
        WallSeconds = seconds,
    };
}

/// <summary>A response and what was found about it.</summary>
internal sealed record JudgedResponse(
    string Text, Grade Grade, Grade? Second, int Blocks, bool WellFormed, int Tokens, int CriticalPath, double[] BlockPositions, BlockFigures Figures, FinishReason Finish)
{
    /// <summary>The line of the file of responses.</summary>
    public JsonObject ToJson(Problem problem, int sample) => new()
    {
        ["id"] = problem.Id,
        ["sample"] = sample,
        ["problem"] = problem.Text,
        ["answer"] = problem.Answer,
        ["response"] = Text,
        ["verdict"] = VerdictText,
        ["extracted"] = Grade.Extracted,
        ["blocks"] = Blocks,
        ["well_formed"] = WellFormed,
        ["tokens"] = Tokens,
        ["tokens_critical_path"] = CriticalPath,
        ["finish"] = Finish == FinishReason.Eos ? "eos" : "length",
    };

    private string VerdictText => Grade.Verdict switch
    {
        Verdict.Correct => "correct",
        Verdict.NoAnswer => "no_answer",
        Verdict.Undecided => "undecided",
        _ => "wrong",
    };
}
