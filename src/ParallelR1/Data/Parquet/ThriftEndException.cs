namespace ParallelR1.Data.Parquet;

/// <summary>The bytes ended inside a Thrift value; a page header is then read again with more of the file.</summary>
internal sealed class ThriftEndException() : Exception("the metadata ends in the middle");
