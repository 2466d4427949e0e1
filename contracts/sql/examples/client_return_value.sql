-- What a client sends that calls the column return_value; needs compatibility.sql and
-- search_path = synthetic_compat, public. $1: name of the lineage.
SELECT scenario_id, horizon_index, instrument_id, return_value
FROM scenario_paths
WHERE scenario_set_id = (SELECT scenario_set_id FROM scenario_sets WHERE name = $1 AND (metadata ->> 'current')::boolean)
  AND instrument_id = ANY ('{EQUITY:T0,EQUITY:T1}')
ORDER BY scenario_id, horizon_index
