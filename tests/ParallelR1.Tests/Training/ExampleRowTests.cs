using System.Text.Json.Nodes;
using ParallelR1.Data;
using ParallelR1.Training;

namespace ParallelR1.Tests.Training;

public sealed class ExampleRowTests
{
    private const string Chat = """[{"role": "system", "content": "S"}, {"role": "user", "content": "Q"}, {"role": "assistant", "content": "A"}]""";

    [Theory]
    [InlineData("""{"problem": "Q", "response": "A"}""", "problem Q | A")]
    [InlineData("""{"problem": "Q", "solution": "A"}""", "problem Q | A")]
    [InlineData("""{"prompt": "Q", "response": "A"}""", "user Q | A")]
    [InlineData("""{"prompt": "Q", "completion": "A"}""", "user Q | A")]
    [InlineData("""{"prompt": [{"role": "system", "content": "S"}, {"role": "user", "content": "Q"}], "completion": [{"role": "assistant", "content": "A"}]}""", "system S, user Q | A")]
    [InlineData("""{"prompt": [{"role": "user", "content": "Q"}], "completion": "A"}""", "user Q | A")]
    [InlineData("""{"prompt": [{"role": "user", "content": "Q"}], "completion": [{"role": "assistant", "content": "A"}, {"role": "user", "content": "R"}, {"role": "assistant", "content": "B"}]}""", "user Q, assistant A, user R | B")]
    [InlineData($$"""{"messages": {{Chat}}}""", "system S, user Q | A")]
    [InlineData($$"""{"messages": {{Chat}}, "source": "x"}""", "system S, user Q | A")]
    [InlineData("""{"question": "Q", "worked": {"text": "A"}}""", "problem Q | A", "problem=question", "response=worked.text")]
    [InlineData($$"""{"conversation": {{Chat}}}""", "system S, user Q | A", "messages=conversation")]
    public void Records_are_read_as_trainers_have_them(string record, string expected, params string[] map)
    {
        var row = ExampleRow.Read((JsonObject)JsonNode.Parse(record)!, FieldMap.Parse(map, "--map"));

        var asked = row.Problem is { } problem ? $"problem {problem}" : string.Join(", ", row.Messages.Select(m => $"{m.Role} {m.Content}"));
        Assert.Equal(expected, $"{asked} | {row.Response}");
    }

    [Theory]
    [InlineData("""{"problem": "Q", "response": 5}""", "'response' is the number 5, expected a string")]
    [InlineData("""{"problem": ["Q"], "response": "A"}""", "'problem' is a list of 1, expected a string")]
    [InlineData("""{"problem": "Q", "output": "A"}""", "neither 'response' nor 'completion' nor 'solution' (nor 'messages'); found the fields problem, output")]
    [InlineData("""{"question": "Q", "response": "A"}""", "neither 'prompt' nor 'problem'; found the fields question, response")]
    [InlineData("""{"messages": []}""", "'messages' is a list of 0, expected a list of messages")]
    [InlineData("""{"messages": ["Q"]}""", "'messages[0]' is a string, expected a message with 'role' and 'content'")]
    [InlineData("""{"messages": [{"role": "user"}]}""", "'messages[0].content' is missing, expected a string")]
    [InlineData("""{"messages": [{"role": "human", "content": "Q"}]}""", "'messages[0].role' is 'human'")]
    [InlineData("""{"messages": [{"role": "user", "content": "Q"}]}""", "'messages' ends with a message of the role 'user'")]
    [InlineData("""{"messages": [{"role": "assistant", "content": "A"}]}""", "'messages' has one message only")]
    [InlineData("""{"text": "all in one"}""", "found the fields text")]
    public void An_error_names_the_field_and_what_was_found_there(string record, string expected) =>
        Assert.Contains(expected, Assert.Throws<InputException>(() => ExampleRow.Read((JsonObject)JsonNode.Parse(record)!, new Dictionary<string, string>())).Message, StringComparison.Ordinal);

    [Fact]
    public void A_map_of_a_field_that_examples_do_not_have_names_the_nearest() =>
        Assert.Contains("did you mean 'response'?", Assert.Throws<UsageException>(() => ExampleRow.Check(new Dictionary<string, string> { ["responce"] = "x" })).Message, StringComparison.Ordinal);
}
