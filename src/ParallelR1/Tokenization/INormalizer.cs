namespace ParallelR1.Tokenization;

/// <summary>Changes the text between added tokens before it is cut into pieces.</summary>
internal interface INormalizer
{
    /// <summary>The normalised text; the very same string where nothing changes.</summary>
    string Normalize(string text);
}
