namespace ParallelR1.Torch;

/// <summary>Operations on shapes, slices and indices.</summary>
public sealed partial class Tensor
{
    private static readonly Operator s_reshape = new("aten::reshape");
    private static readonly Operator s_transpose = new("aten::transpose.int");
    private static readonly Operator s_slice = new("aten::slice.Tensor");
    private static readonly Operator s_squeeze = new("aten::squeeze.dim");
    private static readonly Operator s_unsqueeze = new("aten::unsqueeze");
    private static readonly Operator s_cat = new("aten::cat");
    private static readonly Operator s_indexSelect = new("aten::index_select");
    private static readonly Operator s_gather = new("aten::gather");
    private static readonly Operator s_embedding = new("aten::embedding");

    /// <summary>Returns the same elements in another shape.</summary>
    /// <param name="shape">The shape; one size may be −1, to be computed from the others.</param>
    public Tensor Reshape(params long[] shape) => s_reshape.Call(this, shape);

    /// <summary>Swaps two dimensions.</summary>
    /// <param name="a">One dimension.</param>
    /// <param name="b">The other dimension.</param>
    public Tensor Transpose(long a, long b) => s_transpose.Call(this, a, b);

    /// <summary>Gets the elements [start, end) of a dimension, sharing memory.</summary>
    /// <param name="dimension">The dimension.</param>
    /// <param name="start">The first index.</param>
    /// <param name="end">The index after the last.</param>
    public Tensor Slice(long dimension, long start, long end) => s_slice.Call(this, dimension, start, end);

    /// <summary>Removes a dimension of size 1.</summary>
    /// <param name="dimension">The dimension.</param>
    public Tensor Squeeze(long dimension) => s_squeeze.Call(this, dimension);

    /// <summary>Inserts a dimension of size 1.</summary>
    /// <param name="dimension">Index of the new dimension.</param>
    public Tensor Unsqueeze(long dimension) => s_unsqueeze.Call(this, dimension);

    /// <summary>Concatenates tensors along a dimension.</summary>
    /// <param name="parts">The tensors.</param>
    /// <param name="dimension">The dimension.</param>
    public static Tensor Concat(Tensor[] parts, long dimension = 0) => s_cat.Call(parts, dimension);

    /// <summary>Selects rows (along a dimension) by their indices.</summary>
    /// <param name="dimension">The dimension.</param>
    /// <param name="indices">The indices.</param>
    public Tensor IndexSelect(long dimension, Tensor indices) => s_indexSelect.Call(this, dimension, indices);

    /// <summary>Gathers elements along a dimension by an index tensor.</summary>
    /// <param name="dimension">The dimension.</param>
    /// <param name="indices">The index of each element.</param>
    public Tensor Gather(long dimension, Tensor indices) => s_gather.Call(this, dimension, indices);

    /// <summary>Gets the rows of this embedding table [entries, width] for token ids.</summary>
    /// <param name="ids">The token ids.</param>
    public Tensor Embed(Tensor ids) => s_embedding.Call(this, ids);
}
