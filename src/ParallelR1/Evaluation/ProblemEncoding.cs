using ParallelR1.Data;
using ParallelR1.Generation;
using ParallelR1.Thinking;

namespace ParallelR1.Evaluation;

/// <summary>Problems as prompts.</summary>
internal static class ProblemEncoding
{
    /// <summary>The prompt of a problem: the chat before it as it is, the template around the problem, then the chat template where there is one.</summary>
    /// <param name="model">Encodes.</param>
    /// <param name="template">Goes around the problem.</param>
    /// <param name="problem">The problem.</param>
    /// <exception cref="InputException">It cannot be a prompt of this model; the message names it.</exception>
    public static int[] Encode(this LanguageModel model, ProblemTemplate template, Problem problem)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(problem);
        try
        {
            return model.EncodeProblem(template, problem.Text, problem.Earlier);
        }
        catch (InputException e)
        {
            throw new InputException($"problem '{problem.Id}': {e.Message}", e);
        }
    }
}
