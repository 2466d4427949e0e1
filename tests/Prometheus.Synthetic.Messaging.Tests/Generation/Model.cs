using Prometheus.Synthetic.Contracts;
using Prometheus.Synthetic.Engine.Planning;
using Prometheus.Synthetic.Messaging.Bus;
using Prometheus.Synthetic.Messaging.Generation;

namespace Prometheus.Synthetic.Messaging.Tests.Generation;

/// <summary>Saga, planner, shard workers and sealer behind a broker that repeats and reorders as the choices say.</summary>
internal sealed class Model
{
    private readonly List<object> _inFlight = [];
    private readonly Dictionary<Guid, string> _contents = [];
    private readonly Dictionary<Guid, int> _sent = [];
    private readonly int[] _choices;
    private readonly int _paths;
    private int _next;
    private DateTimeOffset _now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public Model(int shards, int paths, int[] choices)
    {
        Shards = ShardPlan.ByCount(paths, shards).Count;
        _paths = paths;
        _choices = choices;
        Send(GenerationDeciderTests.Start());
    }

    public int Shards { get; }

    public GenerationProgress? State { get; private set; }

    public HashSet<int> Stored { get; } = [];

    public bool Sealed { get; private set; }

    public void ToTheEnd()
    {
        for (int steps = 0; _inFlight.Count > 0; steps++)
        {
            Assert.True(steps < 20_000, "the messages never end");
            int at = Choose(_inFlight.Count);
            object message = _inFlight[at];
            _inFlight.RemoveAt(at);
            Deliver(message);
        }
    }

    public static ScenarioSetGenerated Announced() =>
        new()
        {
            ScenarioSetId = GenerationDeciderTests.SetId(1),
            Name = "MODEL",
            Version = 1,
            Category = "BOOTSTRAP",
            Markets = [],
            AsOfDate = new DateOnly(2026, 1, 1),
            HorizonDays = 1,
            NumPaths = 1,
            Drivers = new DriverCounts
            {
                Instruments = 1,
                Factors = 0,
                Macros = 0,
            },
            Cells = 2,
            Tags = [],
            DefensiveTest = false,
            ReturnConvention = "SIMPLE_PER_STEP",
            ContentHash = "sha256:0",
            SnapshotHash = "sha256:0",
            RequestId = GenerationDeciderTests.Start().RequestId,
            SealedAt = DateTimeOffset.UnixEpoch,
            NumericVersion = 1,
            Evicted = false,
        };

    private void Deliver(object message)
    {
        _now = _now.AddSeconds(1);
        GenerationDecision? decision = message switch
        {
            StartScenarioSetGeneration m => GenerationDecider.On(State, m, _now),
            ScenarioSetPlanned m => GenerationDecider.On(State!, m, _now),
            ShardGenerated m => GenerationDecider.On(State!, m, _now),
            ScenarioSetGenerated m => GenerationDecider.On(State!, m, _now),
            _ => null,
        };
        if (decision is not null)
        {
            State = decision.Next;
            foreach (object output in decision.Outputs)
                Send(output);
            return;
        }

        switch (message)
        {
            case PlanScenarioSet m:
                Send(GenerationDeciderTests.Planned(m.Attempt, Shards, _paths));
                break;
            case GenerateShard m:
                Stored.Add(m.Shard);
                Send(GenerationDeciderTests.Done(m.Attempt, m.Shard));
                break;
            case SealScenarioSet:
                Assert.Equal(Shards, Stored.Count);
                Sealed = true;
                Send(Announced());
                break;
            default:
                break;
        }
    }

    /// <summary>A message id that was sent three times is not sent again: real duplicates are finite too.</summary>
    private void Send(object message)
    {
        Guid id = MessageIds.Of(message);
        if (message is not ScenarioSetProgressed)
        {
            string content = System.Text.Json.JsonSerializer.Serialize(message, message.GetType());
            if (_contents.TryAdd(id, content))
                _sent[id] = 0;
            Assert.Equal(_contents[id], content);
            if (++_sent[id] > 3)
                return;
        }

        int copies = message is ScenarioSetProgressed ? 1 : 1 + Choose(3);
        for (int i = 0; i < copies; i++)
            _inFlight.Add(message);
    }

    private int Choose(int count) => _choices[_next++ % _choices.Length] % count;
}
