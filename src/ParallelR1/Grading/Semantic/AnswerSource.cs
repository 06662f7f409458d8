namespace ParallelR1.Grading.Semantic;

/// <summary>Where the answer of a response was found.</summary>
internal enum AnswerSource
{
    None,
    FinalAnswerLine,
    Boxed,
    Phrase,
    LastNumber,
}
