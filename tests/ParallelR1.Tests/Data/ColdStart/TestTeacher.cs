using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ParallelR1.Tests.Data.ColdStart;

/// <summary>An OpenAI-compatible server on the loopback interface with recorded answers, and whatever misbehaviour is asked for.</summary>
internal sealed class TestTeacher : IAsyncDisposable
{
    private readonly WebApplication _app;
    private int _requests;

    private TestTeacher(WebApplication app) => _app = app;

    public string Endpoint => _app.Urls.First();

    /// <summary>The bodies of all requests.</summary>
    public ConcurrentQueue<JsonObject> Requests { get; } = [];

    /// <summary>The authorization of all requests; empty where there was none.</summary>
    public ConcurrentQueue<string> Authorizations { get; } = [];

    /// <summary>The prompts that were answered with status 200 and a whole body.</summary>
    public ConcurrentQueue<string> Answered { get; } = [];

    /// <summary>The answer to a prompt.</summary>
    public Func<string, string> Answer { get; set; } = _ => TestAnswers.Good("4");

    public string FinishReason { get; set; } = "stop";

    /// <summary>May answer a request, counted from 1, in its own way: true when it did.</summary>
    public Func<HttpContext, int, string, Task<bool>> Misbehave { get; set; } = (_, _, _) => Task.FromResult(false);

    public static async Task<TestTeacher> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(k => k.Listen(System.Net.IPAddress.Loopback, 0));
        var app = builder.Build();
        var teacher = new TestTeacher(app);
        app.Run(teacher.AnswerAsync);
        await app.StartAsync();
        return teacher;
    }

    public static string Reply(string? text, string finish = "stop") => new JsonObject
    {
        ["model"] = "teacher-of-tests-2",
        ["choices"] = new JsonArray(new JsonObject
        {
            ["index"] = 0,
            ["finish_reason"] = finish,
            ["message"] = new JsonObject { ["role"] = "assistant", ["content"] = text, ["reasoning_content"] = "Final Answer: 999" },
        }),
        ["usage"] = new JsonObject { ["prompt_tokens"] = 100, ["completion_tokens"] = 50, ["total_tokens"] = 150 },
    }.ToJsonString();

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(new CancellationToken(true));
        await _app.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var body = (await JsonNode.ParseAsync(context.Request.Body))!.AsObject();
        var prompt = (string)body["messages"]![0]!["content"]!;
        Requests.Enqueue(body);
        Authorizations.Enqueue(context.Request.Headers.Authorization.ToString());
        if (await Misbehave(context, Interlocked.Increment(ref _requests), prompt))
            return;
        if (context.Request.Path != "/v1/chat/completions")
        {
            context.Response.StatusCode = 404;
            return;
        }

        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(Reply(Answer(prompt), FinishReason));
        Answered.Enqueue(prompt);
    }
}
