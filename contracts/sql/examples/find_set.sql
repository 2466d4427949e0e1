-- The current set of a lineage: what a risk report should use today. $1: name of the lineage.
SELECT scenario_set_id, (metadata ->> 'version')::integer AS version, num_paths, horizon_days, metadata ->> 'content_hash' AS content_hash
FROM scenario_sets
WHERE name = $1 AND (metadata ->> 'current')::boolean
