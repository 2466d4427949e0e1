using System.Diagnostics;
using MassTransit;

namespace Prometheus.Synthetic.Faults.Worker;

/// <summary>Where the process ends itself with SIGKILL: a moment, a message type, and which occurrence of it.</summary>
public sealed class CrashPoint(string moment, string type, int occurrence)
{
    private int _seen;

    /// <summary>Reads <c>SYNTHETIC_FAULT_POINT</c>, e.g. <c>pre-send:ShardGenerated:2</c>.</summary>
    public static CrashPoint? FromEnvironment()
    {
        if (Environment.GetEnvironmentVariable("SYNTHETIC_FAULT_POINT") is not { Length: > 0 } text)
            return null;
        string[] parts = text.Split(':');
        return new CrashPoint(parts[0], parts[1], int.Parse(parts[2]));
    }

    public void Pass(string at, Type message)
    {
        if (at == moment && message.Name == type && Interlocked.Increment(ref _seen) == occurrence)
        {
            // SIGKILL: no handler runs, nothing is flushed, the broker and the database see the connections break.
            Process.GetCurrentProcess().Kill();
            Thread.Sleep(Timeout.Infinite);
        }
    }
}

/// <summary>Calls the crash point at every moment of every message.</summary>
public sealed class CrashObserver(CrashPoint point) : IConsumeObserver, ISendObserver, IPublishObserver
{
    public Task PreConsume<T>(ConsumeContext<T> context)
        where T : class => Pass("pre-consume", typeof(T));

    public Task PostConsume<T>(ConsumeContext<T> context)
        where T : class => Pass("post-consume", typeof(T));

    public Task ConsumeFault<T>(ConsumeContext<T> context, Exception exception)
        where T : class => Task.CompletedTask;

    public Task PreSend<T>(SendContext<T> context)
        where T : class => Pass("pre-send", typeof(T));

    public Task PostSend<T>(SendContext<T> context)
        where T : class => Pass("post-send", typeof(T));

    public Task SendFault<T>(SendContext<T> context, Exception exception)
        where T : class => Task.CompletedTask;

    public Task PrePublish<T>(PublishContext<T> context)
        where T : class => Pass("pre-send", typeof(T));

    public Task PostPublish<T>(PublishContext<T> context)
        where T : class => Pass("post-send", typeof(T));

    public Task PublishFault<T>(PublishContext<T> context, Exception exception)
        where T : class => Task.CompletedTask;

    private Task Pass(string moment, Type message)
    {
        point.Pass(moment, message);
        return Task.CompletedTask;
    }
}
