using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace ParallelR1.Runs;

/// <summary>Figures of one moment of a run. What a record's properties are called in snake_case is what they are called in <c>metrics.jsonl</c>.</summary>
/// <param name="Kind">What the figures are about: a value of <see cref="MetricNames.Kind"/>.</param>
public abstract record RunMetrics([property: JsonIgnore] string Kind)
{
    private static readonly JsonSerializerOptions s_options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters = { new FiniteNumbers() },
    };

    /// <summary>The most telling of them, for a line of progress.</summary>
    public abstract string Describe();

    /// <summary>Converts to JSON as in <c>metrics.jsonl</c>, in the order of the properties; numbers that are not finite are null.</summary>
    public JsonObject ToJson() => (JsonObject)JsonSerializer.SerializeToNode(this, GetType(), s_options)!;

    private sealed class FiniteNumbers : JsonConverter<double>
    {
        public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetDouble();

        public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options)
        {
            if (double.IsFinite(value))
                writer.WriteNumberValue(value);
            else
                writer.WriteNullValue();
        }
    }
}

/// <summary>Receives the metrics of a run as they are logged, in addition to the log in the run's folder.</summary>
public interface IMetricsSink
{
    /// <summary>Receives metrics.</summary>
    /// <param name="step">The step they belong to, from 1; 0 is before training.</param>
    /// <param name="metrics">The figures.</param>
    void Write(int step, RunMetrics metrics);
}
