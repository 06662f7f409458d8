using ParallelR1.Torch;

namespace ParallelR1.Models;

/// <summary>Rejects tensors with a NaN or an infinity, which make a model useless.</summary>
internal static class FiniteTensors
{
    /// <summary>Throws if a tensor is not finite.</summary>
    /// <param name="tensors">The tensors, checked one after another.</param>
    /// <param name="message">Gets the error message for the first tensor that is not finite, given its name.</param>
    /// <exception cref="InputException">A tensor is not finite.</exception>
    public static void Require(IEnumerable<KeyValuePair<string, Tensor>> tensors, Func<string, string> message)
    {
        using var mode = GradMode.Off();
        foreach (var (name, tensor) in tensors)
        {
            using var scope = new TensorScope();
            // A sum needs no memory and keeps every NaN and infinity; if the sum of large values overflows, it is repeated in f64.
            if (!double.IsFinite(tensor.Sum().Item()) && !double.IsFinite(tensor.To(ScalarType.Float64).Sum().Item()))
                throw new InputException(message(name));
        }
    }
}
