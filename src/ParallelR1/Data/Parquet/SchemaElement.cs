namespace ParallelR1.Data.Parquet;

/// <summary>One element of the flattened schema in the footer.</summary>
internal sealed record SchemaElement
{
    public required string Name { get; init; }
    public PhysicalType? Type { get; init; }
    public int TypeLength { get; init; }
    public Repetition Repetition { get; init; }
    public int Children { get; init; }
    public Annotation Annotation { get; init; }
    public int Scale { get; init; }

    public static SchemaElement Read(ref ThriftReader reader)
    {
        string? name = null;
        PhysicalType? type = null;
        int length = 0, children = 0, scale = 0;
        var repetition = Repetition.Required;
        Annotation converted = Annotation.None, logical = Annotation.None;
        short field = 0;
        while (reader.NextField(ref field, out var kind))
        {
            switch (field)
            {
                case 1:
                    type = Check<PhysicalType>(reader.ReadI32(kind), "type");
                    break;
                case 2:
                    length = reader.ReadI32(kind);
                    break;
                case 3:
                    repetition = Check<Repetition>(reader.ReadI32(kind), "repetition");
                    break;
                case 4:
                    name = reader.ReadString(kind);
                    break;
                case 5:
                    children = reader.ReadI32(kind);
                    break;
                case 6:
                    converted = FromConverted(reader.ReadI32(kind));
                    break;
                case 7:
                    scale = reader.ReadI32(kind);
                    break;
                case 10:
                    ThriftReader.ExpectStruct(kind);
                    logical = ReadLogical(ref reader);
                    break;
                default:
                    reader.Skip(kind);
                    break;
            }
        }

        return new SchemaElement
        {
            Name = name ?? throw new InputException("the schema is damaged: a column without a name"),
            Type = type,
            TypeLength = length,
            Repetition = repetition,
            Children = children,
            Annotation = logical == Annotation.None ? converted : logical,
            Scale = scale,
        };
    }

    private static Annotation FromConverted(int value) => value switch
    {
        0 or 4 or 19 => Annotation.Text,
        1 or 2 => Annotation.Map,
        3 => Annotation.List,
        5 => Annotation.Decimal,
        6 => Annotation.Date,
        7 => Annotation.TimeMillis,
        8 => Annotation.TimeMicros,
        9 => Annotation.TimestampMillis,
        10 => Annotation.TimestampMicros,
        >= 11 and <= 14 => Annotation.Unsigned,
        20 or 21 => Annotation.Bytes,
        _ => Annotation.None,
    };

    private static Annotation ReadLogical(ref ThriftReader reader)
    {
        var annotation = Annotation.None;
        short field = 0;
        while (reader.NextField(ref field, out var kind))
        {
            ThriftReader.ExpectStruct(kind);
            annotation = field switch
            {
                1 or 4 or 12 => Annotation.Text,
                2 => Annotation.Map,
                3 => Annotation.List,
                5 => Annotation.Decimal,
                6 => Annotation.Date,
                13 => Annotation.Bytes,
                14 => Annotation.Uuid,
                15 => Annotation.Float16,
                _ => annotation,
            };
            annotation = field switch
            {
                7 => Annotation.TimeMillis + ReadUnit(ref reader),
                8 => Annotation.TimestampMillis + ReadUnit(ref reader),
                10 => ReadSigned(ref reader) ? Annotation.None : Annotation.Unsigned,
                _ => SkipBody(ref reader, annotation),
            };
        }

        return annotation;
    }

    private static Annotation SkipBody(ref ThriftReader reader, Annotation annotation)
    {
        reader.Skip(ThriftType.Struct);
        return annotation;
    }

    /// <summary>0 milliseconds, 1 microseconds, 2 nanoseconds.</summary>
    private static int ReadUnit(ref ThriftReader reader)
    {
        var unit = 0;
        short field = 0;
        while (reader.NextField(ref field, out var kind))
        {
            if (field != 2)
            {
                reader.Skip(kind);
                continue;
            }

            ThriftReader.ExpectStruct(kind);
            short choice = 0;
            while (reader.NextField(ref choice, out var inner))
            {
                unit = choice is >= 1 and <= 3 ? choice - 1 : throw new InputException($"the schema is damaged: unknown unit of time {choice}");
                reader.Skip(inner);
            }
        }

        return unit;
    }

    private static bool ReadSigned(ref ThriftReader reader)
    {
        var signed = true;
        short field = 0;
        while (reader.NextField(ref field, out var kind))
        {
            if (field == 2)
                signed = ThriftReader.ReadBool(kind);
            else
                reader.Skip(kind);
        }

        return signed;
    }

    private static T Check<T>(int value, string what)
        where T : struct, Enum =>
        Enum.IsDefined((T)(object)value) ? (T)(object)value : throw new InputException($"the schema is damaged: unknown {what} {value}");
}
