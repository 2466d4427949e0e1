namespace Prometheus.Synthetic.Messaging.Generation;

/// <summary>What follows from a message: the next state and the messages to send, in order.</summary>
public sealed record GenerationDecision(GenerationProgress Next, IReadOnlyList<object> Outputs);
