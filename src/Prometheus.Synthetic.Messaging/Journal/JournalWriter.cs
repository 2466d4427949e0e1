using System.Data.Common;
using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Prometheus.Synthetic.Storage.Journal;

namespace Prometheus.Synthetic.Messaging.Journal;

/// <summary>
/// Writes the journal in groups. While the database is away entries wait; when too many wait, so do those who add.
/// </summary>
public sealed partial class JournalWriter(MessageJournal journal, TimeProvider time, ILogger<JournalWriter> log)
    : BackgroundService
{
    private const int Group = 500;

    private readonly Channel<(JournalEntry Entry, TaskCompletionSource? Written)> _waiting = Channel.CreateBounded<(
        JournalEntry,
        TaskCompletionSource?
    )>(new BoundedChannelOptions(20_000) { SingleReader = true });

    /// <summary>Hands an entry over; it is written soon.</summary>
    public ValueTask AddAsync(JournalEntry entry, CancellationToken ct) =>
        _waiting.Writer.WriteAsync((entry, null), ct);

    /// <summary>Returns when the entry is in the database.</summary>
    public async Task WriteAsync(JournalEntry entry, CancellationToken ct)
    {
        var written = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await _waiting.Writer.WriteAsync((entry, written), ct);
        await written.Task.WaitAsync(ct);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        _waiting.Writer.TryComplete();
        // What waits is written, as long as the host lets us.
        if (ExecuteTask is { } running)
            await Task.WhenAny(running, Task.Delay(Timeout.Infinite, cancellationToken));
        await base.StopAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var group = new List<(JournalEntry Entry, TaskCompletionSource? Written)>();
        while (await _waiting.Reader.WaitToReadAsync(stoppingToken))
        {
            group.Clear();
            while (group.Count < Group && _waiting.Reader.TryRead(out var next))
                group.Add(next);
            await WriteAsync([.. group.Select(g => g.Entry)], stoppingToken);
            foreach ((_, TaskCompletionSource? written) in group)
                written?.TrySetResult();
        }
    }

    private async Task WriteAsync(JournalEntry[] entries, CancellationToken ct)
    {
        while (true)
        {
            try
            {
                await journal.WriteAsync(entries, ct);
                return;
            }
            catch (Exception e) when (Consumers.Transient.Is(e) && e is not OperationCanceledException)
            {
                LogWaiting(log, entries.Length, e.Message);
                await Task.Delay(TimeSpan.FromSeconds(1), time, ct);
            }
            catch (DbException e)
            {
                // A journal that cannot take an entry must not stop the work it is about.
                LogLost(log, entries.Length, e.Message);
                return;
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "{Count} journal entries wait for the database: {Problem}")]
    private static partial void LogWaiting(ILogger log, int count, string problem);

    [LoggerMessage(LogLevel.Error, "{Count} journal entries were refused by the database: {Problem}")]
    private static partial void LogLost(ILogger log, int count, string problem);
}
