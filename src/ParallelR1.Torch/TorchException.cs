namespace ParallelR1.Torch;

/// <summary>libtorch refused: the message names the operator, the shapes and dtypes of its tensors, and libtorch's reason.</summary>
public sealed class TorchException(string message, Exception? inner = null) : Exception(message, inner);
