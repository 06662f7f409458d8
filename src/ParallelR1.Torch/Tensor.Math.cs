namespace ParallelR1.Torch;

/// <summary>Arithmetic: elementwise operations, reductions and products.</summary>
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

    /// <summary>Computes the elementwise sum.</summary>
    public static Tensor operator +(Tensor a, Tensor b) => s_add.Call(a, b);

    /// <summary>Adds a number to every element.</summary>
    public static Tensor operator +(Tensor a, double b) => s_addScalar.Call(a, b);

    /// <summary>Computes the elementwise difference.</summary>
    public static Tensor operator -(Tensor a, Tensor b) => s_subtract.Call(a, b);

    /// <summary>Computes the elementwise product.</summary>
    public static Tensor operator *(Tensor a, Tensor b) => s_multiply.Call(a, b);

    /// <summary>Multiplies every element by a number.</summary>
    public static Tensor operator *(Tensor a, double b) => s_multiplyScalar.Call(a, b);

    /// <summary>Computes the elementwise quotient.</summary>
    public static Tensor operator /(Tensor a, Tensor b) => s_divide.Call(a, b);

    /// <summary>Divides every element by a number.</summary>
    public static Tensor operator /(Tensor a, double b) => s_divideScalar.Call(a, b);

    /// <summary>Negates every element.</summary>
    public static Tensor operator -(Tensor a) => s_negate.Call(a);

    /// <summary>Computes |x| of every element.</summary>
    public Tensor Abs() => s_abs.Call(this);

    /// <summary>Computes the sign of every element: −1, 0 or 1.</summary>
    public Tensor Sign() => s_sign.Call(this);

    /// <summary>Computes eˣ of every element.</summary>
    public Tensor Exp() => s_exp.Call(this);

    /// <summary>Computes the natural logarithm of every element.</summary>
    public Tensor Log() => s_log.Call(this);

    /// <summary>Computes the square root of every element.</summary>
    public Tensor Sqrt() => s_sqrt.Call(this);

    /// <summary>Limits every element to a range; the gradient of elements outside of it is 0.</summary>
    /// <param name="low">The lower limit.</param>
    /// <param name="high">The upper limit.</param>
    public Tensor Clamp(double low, double high) => s_clamp.Call(this, low, high);

    /// <summary>Computes the elementwise maximum.</summary>
    /// <param name="other">The other tensor.</param>
    public Tensor Maximum(Tensor other) => s_maximum.Call(this, other);

    /// <summary>Computes the elementwise minimum.</summary>
    /// <param name="other">The other tensor.</param>
    public Tensor Minimum(Tensor other) => s_minimum.Call(this, other);

    /// <summary>Selects this tensor's elements where the condition is true, else the other tensor's.</summary>
    /// <param name="condition">A Boolean tensor.</param>
    /// <param name="other">The other tensor.</param>
    public Tensor Where(Tensor condition, Tensor other) => s_where.Call(condition, this, other);

    /// <summary>Compares every element with a number: true if it is less.</summary>
    /// <param name="value">The number.</param>
    public Tensor Less(double value) => s_less.Call(this, value);

    /// <summary>Compares the elements with another tensor's: true if they are greater.</summary>
    /// <param name="other">The other tensor.</param>
    public Tensor Greater(Tensor other) => s_greater.Call(this, other);

    /// <summary>Compares the elements with another tensor's: true if they are not equal.</summary>
    /// <param name="other">The other tensor.</param>
    public Tensor NotEqual(Tensor other) => s_notEqual.Call(this, other);

    /// <summary>Computes the elementwise logical and.</summary>
    /// <param name="other">The other tensor.</param>
    public Tensor And(Tensor other) => s_and.Call(this, other);

    /// <summary>Computes the sum of all elements.</summary>
    public Tensor Sum() => s_sum.Call(this);

    /// <summary>Computes the sum over a dimension.</summary>
    /// <param name="dimension">The dimension.</param>
    public Tensor Sum(long dimension) => s_sumOver.Call(this, new[] { dimension });

    /// <summary>Computes the mean of all elements.</summary>
    public Tensor Mean() => s_mean.Call(this);

    /// <summary>Computes the Euclidean norm of all elements.</summary>
    public Tensor Norm() => s_norm.Call(this);

    /// <summary>Finds the index of the largest element along a dimension; the first one if there are several.</summary>
    /// <param name="dimension">The dimension.</param>
    public Tensor ArgMax(long dimension) => s_argmax.Call(this, dimension);

    /// <summary>Computes the softmax along a dimension.</summary>
    /// <param name="dimension">The dimension.</param>
    public Tensor Softmax(long dimension) => s_softmax.Call(this, dimension);

    /// <summary>Computes the logarithm of the softmax along a dimension.</summary>
    /// <param name="dimension">The dimension.</param>
    public Tensor LogSoftmax(long dimension) => s_logSoftmax.Call(this, dimension);

    /// <summary>Computes log Σ eˣ along a dimension.</summary>
    /// <param name="dimension">The dimension.</param>
    public Tensor LogSumExp(long dimension) => s_logSumExp.Call(this, new[] { dimension });

    /// <summary>Computes the matrix product, batched over leading dimensions.</summary>
    /// <param name="other">The right factor.</param>
    public Tensor MatMul(Tensor other) => s_matmul.Call(this, other);

    /// <summary>Computes this · weightᵀ + bias.</summary>
    /// <param name="weight">The weight [out, in].</param>
    /// <param name="bias">The bias [out]; null for none.</param>
    public Tensor Linear(Tensor weight, Tensor? bias = null) => s_linear.Call(this, weight, bias);

    /// <summary>Computes this += factor · other, in place.</summary>
    /// <param name="other">The other tensor.</param>
    /// <param name="factor">The factor, 1 by default.</param>
    public void AddInto(Tensor other, double factor = 1) => s_addInto.Call(this, other, Argument.Named("alpha", factor)).Dispose();

    /// <summary>Computes this += value, in place.</summary>
    /// <param name="value">The number.</param>
    public void AddInto(double value) => s_addScalarInto.Call(this, value).Dispose();

    /// <summary>Computes this *= factor, in place.</summary>
    /// <param name="factor">The factor.</param>
    public void MultiplyInto(double factor) => s_multiplyInto.Call(this, factor).Dispose();

    /// <summary>Computes this *= factor elementwise, in place.</summary>
    /// <param name="factor">The factors.</param>
    public void MultiplyInto(Tensor factor) => s_multiplyIntoTensor.Call(this, factor).Dispose();

    /// <summary>Computes this /= divisor elementwise, in place.</summary>
    /// <param name="divisor">The divisors.</param>
    public void DivideInto(Tensor divisor) => s_divideInto.Call(this, divisor).Dispose();

    /// <summary>Computes this /= divisor, in place.</summary>
    /// <param name="divisor">The divisor.</param>
    public void DivideInto(double divisor) => s_divideScalarInto.Call(this, divisor).Dispose();

    /// <summary>Computes this = √this, in place.</summary>
    public void SqrtInto() => s_sqrtInto.Call(this).Dispose();

    /// <summary>Computes this += factor · a · b elementwise, in place.</summary>
    /// <param name="a">The first factor of the product.</param>
    /// <param name="b">The second factor of the product.</param>
    /// <param name="factor">The factor.</param>
    public void AddProductInto(Tensor a, Tensor b, double factor) =>
        s_addcmulInto.Call(this, a, b, Argument.Named("value", factor)).Dispose();

    /// <summary>Computes this += factor · a / b elementwise, in place.</summary>
    /// <param name="a">The dividend.</param>
    /// <param name="b">The divisor.</param>
    /// <param name="factor">The factor.</param>
    public void AddQuotientInto(Tensor a, Tensor b, double factor) =>
        s_addcdivInto.Call(this, a, b, Argument.Named("value", factor)).Dispose();

    /// <summary>Sets every element to a value, in place.</summary>
    /// <param name="value">The value.</param>
    public void Fill(double value) => s_fill.Call(this, value).Dispose();
}
