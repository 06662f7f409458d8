namespace ParallelR1.Grading.Semantic;

/// <summary>Multiples and determinants of matrices.</summary>
internal static class Matrices
{
    private const int MaximumSize = 4;

    /// <summary>The matrix with every entry multiplied; null where some are no expressions.</summary>
    public static Node? Scale(Node by, Node matrix)
    {
        if (!Array.TrueForAll(matrix.Items, r => Array.TrueForAll(r.Items, i => i.IsExpression)))
            return null;
        return matrix.With(Array.ConvertAll(matrix.Items, row => row.With(Array.ConvertAll(row.Items, i => Node.Product(by, i)))));
    }

    /// <summary>The determinant by its first row; null where the matrix is large, or not square.</summary>
    public static Node? Determinant(Node matrix)
    {
        var size = matrix.Items.Length;
        if (size > MaximumSize || !Array.TrueForAll(matrix.Items, r => r.Items.Length == size && Array.TrueForAll(r.Items, i => i.IsExpression)))
            return null;
        return Determinant([.. matrix.Items.Select(r => r.Items)]);
    }

    private static Node Determinant(Node[][] rows)
    {
        if (rows.Length == 1)
            return rows[0][0];
        var terms = new Node[rows.Length];
        for (var j = 0; j < rows.Length; j++)
        {
            Node[][] minor = [.. rows.Skip(1).Select(r => r.Where((_, k) => k != j).ToArray())];
            var term = Node.Product(rows[0][j], Determinant(minor));
            terms[j] = j % 2 == 0 ? term : Node.Negative(term);
        }

        return new Node(NodeKind.Sum, "", terms);
    }
}
