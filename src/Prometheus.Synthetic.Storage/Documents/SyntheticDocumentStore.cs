using JasperFx;
using Marten;
using Npgsql;
using Weasel.Core;

namespace Prometheus.Synthetic.Storage.Documents;

/// <summary>Lets an outer layer keep its own documents (saga states) in the same store.</summary>
public interface IDocumentRegistration
{
    void Register(StoreOptions options);
}

/// <summary>Builds the one Marten store of a process. It never changes the schema: <c>migrate</c> does.</summary>
public static class SyntheticDocumentStore
{
    public static DocumentStore Create(NpgsqlDataSource dataSource, IEnumerable<IDocumentRegistration> registrations) =>
        DocumentStore.For(options =>
        {
            options.Connection(dataSource);
            options.DatabaseSchemaName = SchemaNames.Internal;
            options.AutoCreateSchemaObjects = AutoCreate.None;
            // Whoever asks tries again, with a new transaction. Marten's own second try would run in the transaction that
            // broke, and hide the lost connection behind an error that says it is the program's fault.
            options.ConfigurePolly(_ => { });
            options.UseSystemTextJsonForSerialization(EnumStorage.AsString, Casing.SnakeCase);
            options.Schema.For<ScenarioSetDocument>().Index(x => x.RequestId).Index(x => x.Name);
            foreach (IDocumentRegistration registration in registrations)
                registration.Register(options);
        });
}

/// <summary>Schema names in the database.</summary>
public static class SchemaNames
{
    /// <summary>Documents and physical path tables: ours to change.</summary>
    public const string Internal = "synthetic";
}
