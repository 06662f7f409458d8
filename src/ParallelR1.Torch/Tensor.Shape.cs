namespace ParallelR1.Torch;

/// <summary>Shapes, parts and gathers.</summary>
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

    /// <summary>The same elements in another shape; one size may be −1.</summary>
    public Tensor Reshape(params long[] shape) => s_reshape.Call(this, shape);

    /// <summary>Two dimensions swapped.</summary>
    public Tensor Transpose(long a, long b) => s_transpose.Call(this, a, b);

    /// <summary>The elements [start, end) of a dimension, sharing memory.</summary>
    public Tensor Slice(long dimension, long start, long end) => s_slice.Call(this, dimension, start, end);

    /// <summary>A dimension of size 1 removed.</summary>
    public Tensor Squeeze(long dimension) => s_squeeze.Call(this, dimension);

    /// <summary>A dimension of size 1 added.</summary>
    public Tensor Unsqueeze(long dimension) => s_unsqueeze.Call(this, dimension);

    /// <summary>Tensors joined along a dimension.</summary>
    public static Tensor Concat(Tensor[] parts, long dimension = 0) => s_cat.Call(parts, dimension);

    /// <summary>The rows (along a dimension) with the given indices.</summary>
    public Tensor IndexSelect(long dimension, Tensor indices) => s_indexSelect.Call(this, dimension, indices);

    /// <summary>Elements picked along a dimension by an index tensor.</summary>
    public Tensor Gather(long dimension, Tensor indices) => s_gather.Call(this, dimension, indices);

    /// <summary>Rows of this table [entries, width] for token ids.</summary>
    public Tensor Embed(Tensor ids) => s_embedding.Call(this, ids);
}
