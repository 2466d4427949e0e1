using Npgsql;
using Xunit;

namespace Prometheus.Synthetic.TestKit;

/// <summary>
/// An empty database for one test collection, as <c>IClassFixture</c> or <c>ICollectionFixture</c>. Named after the
/// collection, dropped and created before its first test and never after, so that a failed test can be looked into.
/// </summary>
public sealed class PostgresFixture : IAsyncLifetime
{
    private Exception? _missing;
    private string? _connectionString;
    private NpgsqlDataSource? _dataSource;

    /// <summary>Connection string of the database. Where no server can be had the test skips, or fails with CI=true.</summary>
    public string ConnectionString => Present(_connectionString);

    /// <summary>A pool on the database, disposed with the fixture.</summary>
    public NpgsqlDataSource DataSource => Present(_dataSource);

    /// <summary>Name of the database.</summary>
    public string Database { get; } = CollectionName.Current();

    public async ValueTask InitializeAsync()
    {
        try
        {
            string server = await TestServices.PostgresAsync();
            await RecreateAsync(server, Database);
            _connectionString = new NpgsqlConnectionStringBuilder(server) { Database = Database }.ConnectionString;
            _dataSource = NpgsqlDataSource.Create(_connectionString);
        }
        catch (Exception e)
        {
            // A fixture cannot skip its tests; each test does when it asks for the database.
            _missing = e;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_dataSource is not null)
            await _dataSource.DisposeAsync();
    }

    /// <summary>Drops a database with everybody in it and creates it anew.</summary>
    public static async Task RecreateAsync(string server, string database)
    {
        var settings = new NpgsqlConnectionStringBuilder(server) { Pooling = false };
        await using var connection = new NpgsqlConnection(settings.ConnectionString);
        await connection.OpenAsync();
        string name = "\"" + database.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"";
        foreach (string sql in new[] { $"DROP DATABASE IF EXISTS {name} WITH (FORCE)", $"CREATE DATABASE {name}" })
        {
            await using var command = new NpgsqlCommand(sql, connection);
            await command.ExecuteNonQueryAsync();
        }
    }

    private T Present<T>(T? value)
        where T : class
    {
        if (_missing is not null)
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(_missing);
        return value ?? throw new InvalidOperationException("The fixture has not been initialised.");
    }
}
