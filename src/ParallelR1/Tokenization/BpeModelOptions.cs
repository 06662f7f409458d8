namespace ParallelR1.Tokenization;

/// <summary>What a tokenizer.json says about its BPE model beside vocabulary and merges.</summary>
/// <param name="IgnoreMerges">A piece that is itself in the vocabulary is taken whole.</param>
/// <param name="UnknownId">The id for bytes without a symbol; null: they are dropped.</param>
/// <param name="FuseUnknown">Neighbouring unknown bytes give one id.</param>
internal sealed record BpeModelOptions(bool IgnoreMerges, int? UnknownId, bool FuseUnknown);
