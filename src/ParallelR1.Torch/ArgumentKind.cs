namespace ParallelR1.Torch;

/// <summary>The numbers of <c>native/src/dispatch.cpp</c>.</summary>
internal enum ArgumentKind
{
    None = 0,
    Tensor = 1,
    Int = 2,
    Double = 3,
    Bool = 4,
    IntList = 5,
    TensorList = 6,
    String = 7,
    DoubleList = 8,
    BoolList = 9,
    Generator = 10,
}
