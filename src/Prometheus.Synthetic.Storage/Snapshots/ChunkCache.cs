using Prometheus.Synthetic.Scenarios.Custom;

namespace Prometheus.Synthetic.Storage.Snapshots;

/// <summary>
/// The most recently read chunks of given paths, within one bound for the process, however many sets are in work. Each
/// reader sees its own only: a verification must not be answered from what was read before it began. Thread-safe.
/// </summary>
internal sealed class ChunkCache(long maxBytes)
{
    private readonly Lock _gate = new();
    private readonly LinkedList<Entry> _recent = [];
    private readonly Dictionary<(object, string), LinkedListNode<Entry>> _byAddress = [];
    private long _bytes;

    public GivenPathChunk? Find(object reader, string address)
    {
        lock (_gate)
        {
            if (!_byAddress.TryGetValue((reader, address), out LinkedListNode<Entry>? node))
                return null;
            _recent.Remove(node);
            _recent.AddFirst(node);
            return node.Value.Chunk;
        }
    }

    /// <param name="bytes">What the chunk weighs.</param>
    public void Keep(object reader, string address, GivenPathChunk chunk, long bytes)
    {
        lock (_gate)
        {
            if (bytes > maxBytes || _byAddress.ContainsKey((reader, address)))
                return;
            _byAddress[(reader, address)] = _recent.AddFirst(new Entry(reader, address, chunk, bytes));
            _bytes += bytes;
            while (_bytes > maxBytes)
            {
                Entry oldest = _recent.Last!.Value;
                _recent.RemoveLast();
                _byAddress.Remove((oldest.Reader, oldest.Address));
                _bytes -= oldest.Bytes;
            }
        }
    }

    private sealed record Entry(object Reader, string Address, GivenPathChunk Chunk, long Bytes);
}
