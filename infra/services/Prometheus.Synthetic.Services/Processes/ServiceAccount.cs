namespace Prometheus.Synthetic.Services.Processes;

/// <summary>
/// The account that a private service runs under. An ordinary user runs it under their own; root hands it to the account
/// that the package made, because PostgreSQL refuses root and no broker needs it.
/// </summary>
internal sealed record ServiceAccount(string Name, uint UserId, uint GroupId)
{
    private const string AccountFile = "/etc/passwd";

    /// <summary>Null when the caller is not root: nothing is to change then.</summary>
    /// <exception cref="ServiceMissingException">Root, and neither the account nor <c>nobody</c> exists.</exception>
    public static ServiceAccount? ForRoot(string preferred)
    {
        if (!Posix.IsRoot)
            return null;
        string[] lines = File.ReadAllLines(AccountFile);
        return Find(lines, preferred)
            ?? Find(lines, "nobody")
            ?? throw new ServiceMissingException(
                $"root may not run this service, and there is no account {preferred}."
            );
    }

    /// <summary>Command words that change to this account and replace themselves by what follows.</summary>
    public IEnumerable<string> Prefix() =>
        ["setpriv", $"--reuid={UserId}", $"--regid={GroupId}", "--clear-groups", "--"];

    private static ServiceAccount? Find(string[] lines, string name)
    {
        // name:password:uid:gid:comment:home:shell
        string[]? fields = lines.Select(l => l.Split(':')).FirstOrDefault(f => f.Length >= 4 && f[0] == name);
        return fields is not null && uint.TryParse(fields[2], out uint uid) && uint.TryParse(fields[3], out uint gid)
            ? new(name, uid, gid)
            : null;
    }
}
