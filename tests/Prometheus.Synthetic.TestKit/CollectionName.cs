using System.Security.Cryptography;
using System.Text;
using Xunit;

namespace Prometheus.Synthetic.TestKit;

/// <summary>Turns the running test collection into a name for its database and its virtual host.</summary>
public static class CollectionName
{
    private const int Readable = 40;

    /// <summary>
    /// E.g. <c>t_sealtests_1f2e3d4c</c>: the end of the collection's name in lower-case letters, digits and underscores,
    /// then a hash of assembly and whole name. The same in every run; at most 51 characters.
    /// </summary>
    /// <exception cref="InvalidOperationException">Called outside a test run.</exception>
    public static string Current()
    {
        ITestContext context = TestContext.Current;
        string collection =
            context.TestCollection?.TestCollectionDisplayName
            ?? throw new InvalidOperationException("There is no running test collection to name services after.");
        return Of(context.TestAssembly?.AssemblyName ?? "", collection);
    }

    internal static string Of(string assembly, string collection)
    {
        // Full names of assemblies carry a version, which is no reason for another database.
        string identity = assembly.Split(',')[0] + "\n" + collection;
        string hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(identity)).AsSpan(0, 4));
        // The default collection of a class reads "Test collection for Namespace.Class (id: …)".
        string name = collection.Split(" (id:")[0];
        string last = name[(name.LastIndexOfAny(['.', ' ']) + 1)..].ToLowerInvariant();
        string safe = string.Concat(last.Where(c => char.IsAsciiLetterOrDigit(c) || c == '_').Take(Readable));
        return $"t_{safe}_{hash}";
    }
}
