using ParallelR1.Torch;

namespace ParallelR1.Models;

/// <summary>Refuses tensors with a NaN or an infinity: a model that has one answers nothing.</summary>
internal static class FiniteTensors
{
    /// <param name="tensors">Looked at one after another.</param>
    /// <param name="message">What to say of the first tensor that is not finite, by its name.</param>
    /// <exception cref="InputException">One is not finite.</exception>
    public static void Require(IEnumerable<KeyValuePair<string, Tensor>> tensors, Func<string, string> message)
    {
        using var mode = GradMode.Off();
        foreach (var (name, tensor) in tensors)
        {
            using var scope = new TensorScope();
            // A sum needs no memory and keeps every NaN and infinity; one of large values may overflow, and is made again with more range.
            if (!double.IsFinite(tensor.Sum().Item()) && !double.IsFinite(tensor.To(ScalarType.Float64).Sum().Item()))
                throw new InputException(message(name));
        }
    }
}
