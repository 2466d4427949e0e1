namespace Prometheus.Synthetic.Contracts;

/// <summary>Who may send and who may read a message.</summary>
public enum ContractDirection
{
    /// <summary>Sent by other teams, in any language, to this engine.</summary>
    Inbound = 0,

    /// <summary>Published by this engine for anyone.</summary>
    Outbound = 1,

    /// <summary>Between the parts of this engine. Other teams neither send nor read it; it may change with a release.</summary>
    Internal = 2,
}

/// <summary>The names of one message on the wire and in this folder. They never follow a renaming in the code.</summary>
/// <param name="Type">The record.</param>
/// <param name="Name">Name in prose and in <c>samples/</c>, kebab-case, e.g. <c>monthly-refresh-due</c>.</param>
/// <param name="Exchange">Durable fanout exchange, e.g. <c>prometheus.monthly-refresh-due</c>.</param>
/// <param name="Urn">Message type in an envelope, e.g. <c>urn:message:Prometheus.Synthetic.Contracts:MonthlyRefreshDue</c>.</param>
/// <param name="SchemaFile">File under <c>schemas/</c>.</param>
/// <param name="Direction">Who sends and who reads.</param>
public sealed record ContractName(
    Type Type,
    string Name,
    string Exchange,
    string Urn,
    string SchemaFile,
    ContractDirection Direction
);
