using System.Security.Cryptography;
using System.Text;

namespace ParallelR1.Data.ColdStart;

/// <summary>The default prompt for a teacher model that was not trained on parallel blocks.</summary>
public static class TeacherPrompt
{
    /// <summary>Gets the default template; <c>{Problem}</c> stands for the problem.</summary>
    public static string Default =>
        """
        Solve the math problem at the end, step by step, in clear and complete sentences. Write your solution in the following format.

        Parallel blocks
        - Wherever a step could gain from several points of view, or could be worked out or checked by independent reasoning, put in a parallel block at that place. Put in at least one.
        - A block starts with <Parallel>, directly followed by its paths, and ends with </Parallel>. Between the paths there is nothing else.
        - A block has at least two paths. Each path stands between <Path> and </Path>.
        - The paths of a block must really differ: another equation, another order of the steps, another representation, working backwards, or a check by estimation. The same calculation in other words is not a second path.
        - All paths are written at the same moment by people who cannot see each other. So a path contains everything it needs, and never mentions another path, an order, or a number of its own. Do not begin a path with "First", "Second", "Path 1", "Alternatively" or the like.
        - A path contains no further block.
        - Immediately after </Parallel>, on the next line, write <Summary>, then briefly what all the paths together have shown (if they disagree, which one is right and why), then </Summary>.
        - After the summary go on with the solution. Put in further blocks whenever they help.

        Style
        - Do not say that you are about to explore paths, to use a block, or to think in parallel, and do not talk about this format. Simply let the block follow the sentence before it.
        - Each tag is written exactly as here, and every opened tag is closed. Do not put the solution into a code block.
        - The last line of the solution starts with Final Answer: and gives the result alone, as a plain number where it is one, without units.

        This is how a block looks (the content is only an illustration):

        The garden is 12 m long and 5 m wide, and I need the length of its fence.
        <Parallel>
        <Path>
        The fence runs along two sides of 12 m and two sides of 5 m: 2 * 12 + 2 * 5 = 24 + 10 = 34 m.
        </Path>
        <Path>
        Half of the way around covers one long and one short side, 12 + 5 = 17 m. The whole way is twice that, 34 m.
        </Path>
        </Parallel>
        <Summary>
        Adding up all sides and doubling half of the way around both give 34 m.
        </Summary>
        So 34 m of fence are needed.

        Final Answer: 34

        Now solve this problem.

        Problem: {Problem}
        """;

    /// <summary>Gets the SHA-256 of a text as 64 hexadecimal digits.</summary>
    internal static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
