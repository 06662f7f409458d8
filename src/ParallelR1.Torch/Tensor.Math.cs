namespace ParallelR1.Torch;

/// <summary>Arithmetic, element by element and over dimensions.</summary>
public sealed partial class Tensor
{
    private static readonly Operator s_add = new("aten::add.Tensor");
    private static readonly Operator s_addScalar = new("aten::add.Scalar");
    private static readonly Operator s_subtract = new("aten::sub.Tensor");
    private static readonly Operator s_multiply = new("aten::mul.Tensor");
    private static readonly Operator s_multiplyScalar = new("aten::mul.Scalar");
    private static readonly Operator s_divide = new("aten::div.Tensor");
    private static readonly Operator s_divideScalar = new("aten::div.Scalar");
    private static readonly Operator s_negate = new("aten::neg");
    private static readonly Operator s_abs = new("aten::abs");
    private static readonly Operator s_sign = new("aten::sign");
    private static readonly Operator s_exp = new("aten::exp");
    private static readonly Operator s_log = new("aten::log");
    private static readonly Operator s_sqrt = new("aten::sqrt");
    private static readonly Operator s_clamp = new("aten::clamp");
    private static readonly Operator s_maximum = new("aten::maximum");
    private static readonly Operator s_minimum = new("aten::minimum");
    private static readonly Operator s_where = new("aten::where.self");
    private static readonly Operator s_less = new("aten::lt.Scalar");
    private static readonly Operator s_greater = new("aten::gt.Tensor");
    private static readonly Operator s_notEqual = new("aten::ne.Tensor");
    private static readonly Operator s_and = new("aten::logical_and");
    private static readonly Operator s_sum = new("aten::sum");
    private static readonly Operator s_sumOver = new("aten::sum.dim_IntList");
    private static readonly Operator s_mean = new("aten::mean");
    private static readonly Operator s_norm = new("aten::linalg_vector_norm");
    private static readonly Operator s_argmax = new("aten::argmax");
    private static readonly Operator s_softmax = new("aten::softmax.int");
    private static readonly Operator s_logSoftmax = new("aten::log_softmax.int");
    private static readonly Operator s_logSumExp = new("aten::logsumexp");
    private static readonly Operator s_matmul = new("aten::matmul");
    private static readonly Operator s_linear = new("aten::linear");
    private static readonly Operator s_addInto = new("aten::add_.Tensor");
    private static readonly Operator s_multiplyInto = new("aten::mul_.Scalar");
    private static readonly Operator s_multiplyIntoTensor = new("aten::mul_.Tensor");
    private static readonly Operator s_addScalarInto = new("aten::add_.Scalar");
    private static readonly Operator s_divideInto = new("aten::div_.Tensor");
    private static readonly Operator s_divideScalarInto = new("aten::div_.Scalar");
    private static readonly Operator s_sqrtInto = new("aten::sqrt_");
    private static readonly Operator s_addcmulInto = new("aten::addcmul_");
    private static readonly Operator s_addcdivInto = new("aten::addcdiv_");
    private static readonly Operator s_fill = new("aten::fill_.Scalar");

    /// <summary>Sum.</summary>
    public static Tensor operator +(Tensor a, Tensor b) => s_add.Call(a, b);

    /// <summary>Sum with a number.</summary>
    public static Tensor operator +(Tensor a, double b) => s_addScalar.Call(a, b);

    /// <summary>Difference.</summary>
    public static Tensor operator -(Tensor a, Tensor b) => s_subtract.Call(a, b);

    /// <summary>Product, element by element.</summary>
    public static Tensor operator *(Tensor a, Tensor b) => s_multiply.Call(a, b);

    /// <summary>Product with a number.</summary>
    public static Tensor operator *(Tensor a, double b) => s_multiplyScalar.Call(a, b);

    /// <summary>Quotient, element by element.</summary>
    public static Tensor operator /(Tensor a, Tensor b) => s_divide.Call(a, b);

    /// <summary>Quotient with a number.</summary>
    public static Tensor operator /(Tensor a, double b) => s_divideScalar.Call(a, b);

    /// <summary>Negative.</summary>
    public static Tensor operator -(Tensor a) => s_negate.Call(a);

    /// <summary>|x|.</summary>
    public Tensor Abs() => s_abs.Call(this);

    /// <summary>−1, 0 or 1.</summary>
    public Tensor Sign() => s_sign.Call(this);

    /// <summary>eˣ.</summary>
    public Tensor Exp() => s_exp.Call(this);

    /// <summary>Natural logarithm.</summary>
    public Tensor Log() => s_log.Call(this);

    /// <summary>Square root.</summary>
    public Tensor Sqrt() => s_sqrt.Call(this);

    /// <summary>Values below and above the limits become the limits; the gradient there is 0.</summary>
    public Tensor Clamp(double low, double high) => s_clamp.Call(this, low, high);

    /// <summary>The larger of each pair.</summary>
    public Tensor Maximum(Tensor other) => s_maximum.Call(this, other);

    /// <summary>The smaller of each pair.</summary>
    public Tensor Minimum(Tensor other) => s_minimum.Call(this, other);

    /// <summary>This tensor's elements where the condition holds, else the other's.</summary>
    public Tensor Where(Tensor condition, Tensor other) => s_where.Call(condition, this, other);

    /// <summary>Truth values: element below the number.</summary>
    public Tensor Less(double value) => s_less.Call(this, value);

    /// <summary>Truth values: element above the other's.</summary>
    public Tensor Greater(Tensor other) => s_greater.Call(this, other);

    /// <summary>Truth values: element other than the other's.</summary>
    public Tensor NotEqual(Tensor other) => s_notEqual.Call(this, other);

    /// <summary>Truth values: both hold.</summary>
    public Tensor And(Tensor other) => s_and.Call(this, other);

    /// <summary>Sum of all elements.</summary>
    public Tensor Sum() => s_sum.Call(this);

    /// <summary>Sum over a dimension.</summary>
    public Tensor Sum(long dimension) => s_sumOver.Call(this, new[] { dimension });

    /// <summary>Mean of all elements.</summary>
    public Tensor Mean() => s_mean.Call(this);

    /// <summary>Euclidean norm over all elements.</summary>
    public Tensor Norm() => s_norm.Call(this);

    /// <summary>Index of the largest element along a dimension; the first of equals.</summary>
    public Tensor ArgMax(long dimension) => s_argmax.Call(this, dimension);

    /// <summary>Softmax along a dimension.</summary>
    public Tensor Softmax(long dimension) => s_softmax.Call(this, dimension);

    /// <summary>Logarithm of the softmax along a dimension.</summary>
    public Tensor LogSoftmax(long dimension) => s_logSoftmax.Call(this, dimension);

    /// <summary>log Σ eˣ along a dimension.</summary>
    public Tensor LogSumExp(long dimension) => s_logSumExp.Call(this, new[] { dimension });

    /// <summary>Matrix product, batched over leading dimensions.</summary>
    public Tensor MatMul(Tensor other) => s_matmul.Call(this, other);

    /// <summary>this · weightᵀ + bias; weight is [out, in].</summary>
    public Tensor Linear(Tensor weight, Tensor? bias = null) => s_linear.Call(this, weight, bias);

    /// <summary>this += factor · other, in place.</summary>
    public void AddInto(Tensor other, double factor = 1) => s_addInto.Call(this, other, Argument.Named("alpha", factor)).Dispose();

    /// <summary>this += value, in place.</summary>
    public void AddInto(double value) => s_addScalarInto.Call(this, value).Dispose();

    /// <summary>this *= factor, in place.</summary>
    public void MultiplyInto(double factor) => s_multiplyInto.Call(this, factor).Dispose();

    /// <summary>this *= factor, element by element, in place.</summary>
    public void MultiplyInto(Tensor factor) => s_multiplyIntoTensor.Call(this, factor).Dispose();

    /// <summary>this /= divisor, element by element, in place.</summary>
    public void DivideInto(Tensor divisor) => s_divideInto.Call(this, divisor).Dispose();

    /// <summary>this /= divisor, in place.</summary>
    public void DivideInto(double divisor) => s_divideScalarInto.Call(this, divisor).Dispose();

    /// <summary>this = √this, in place.</summary>
    public void SqrtInto() => s_sqrtInto.Call(this).Dispose();

    /// <summary>this += factor · a · b, in place.</summary>
    public void AddProductInto(Tensor a, Tensor b, double factor) =>
        s_addcmulInto.Call(this, a, b, Argument.Named("value", factor)).Dispose();

    /// <summary>this += factor · a / b, in place.</summary>
    public void AddQuotientInto(Tensor a, Tensor b, double factor) =>
        s_addcdivInto.Call(this, a, b, Argument.Named("value", factor)).Dispose();

    /// <summary>Every element becomes the value, in place.</summary>
    public void Fill(double value) => s_fill.Call(this, value).Dispose();
}
