using Prometheus.Synthetic.Services.Local;

namespace Prometheus.Synthetic.Services.Tests;

/// <summary>Where server programs are looked for, on made-up file systems.</summary>
public sealed class LocalProgramsTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("synthetic-test-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void A_bare_machine_lacks_both_packages()
    {
        LocalPrograms found = LocalPrograms.Find(_root, path: "");
        Assert.Equal(new LocalPrograms(null, null, null), found);
        Assert.Equal(["postgresql", "rabbitmq-server"], found.MissingPackages);
    }

    [Fact]
    public void Debian_packages_are_found_without_any_path_and_the_newest_PostgreSql_wins()
    {
        foreach (string version in new[] { "9", "15", "17" })
        {
            Touch($"usr/lib/postgresql/{version}/bin/initdb");
            Touch($"usr/lib/postgresql/{version}/bin/postgres");
        }

        Touch("usr/lib/postgresql/18/bin/psql"); // a client alone is no server
        Touch("usr/lib/rabbitmq/bin/rabbitmq-server");
        Touch("usr/sbin/rabbitmq-server"); // Debian's wrapper, which would change user
        Touch("usr/lib/erlang/erts-13.1.5/bin/epmd");
        LocalPrograms found = LocalPrograms.Find(_root, Path.Combine(_root, "usr/sbin"));
        Assert.Equal(Path.Combine(_root, "usr/lib/postgresql/17/bin"), found.PostgresBin);
        Assert.Equal(Path.Combine(_root, "usr/lib/rabbitmq/bin/rabbitmq-server"), found.RabbitMqServer);
        Assert.Equal(Path.Combine(_root, "usr/lib/erlang/erts-13.1.5/bin/epmd"), found.Epmd);
        Assert.Empty(found.MissingPackages);

        Assert.Equal(Path.Combine(_root, "usr/lib/postgresql/15/bin"), LocalPrograms.Find(_root, "", 15).PostgresBin);
        Assert.Null(LocalPrograms.Find(_root, "", 16).PostgresBin);
    }

    [Fact]
    public void Elsewhere_the_path_is_searched()
    {
        Touch("opt/bin/initdb");
        Touch("opt/bin/postgres");
        Touch("opt/bin/rabbitmq-server");
        LocalPrograms found = LocalPrograms.Find(_root, Path.Combine(_root, "opt/bin"));
        Assert.Equal(Path.Combine(_root, "opt/bin"), found.PostgresBin);
        Assert.Equal(["rabbitmq-server"], found.MissingPackages); // Erlang's port mapper is missing
    }

    private void Touch(string relative)
    {
        string file = Path.Combine(_root, relative);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, "");
    }
}
