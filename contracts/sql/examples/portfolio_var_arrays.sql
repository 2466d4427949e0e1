-- As portfolio_var.sql, from the arrays: every bit, and far fewer rows to read. $1: name of the lineage.
WITH weights (instrument_id, weight) AS (
  VALUES ('EQUITY:T0', 0.6::double precision), ('EQUITY:T1', 0.4)
), losses AS (
  SELECT a.scenario_id, -sum(w.weight * ((SELECT exp(sum(ln(1 + r))) FROM unnest(a.returns) AS r) - 1)) AS loss
  FROM scenario_path_arrays a JOIN weights w USING (instrument_id)
  WHERE a.scenario_set_id = (SELECT scenario_set_id FROM scenario_sets WHERE name = $1 AND (metadata ->> 'current')::boolean)
  GROUP BY a.scenario_id
), var AS (
  SELECT percentile_disc(0.95) WITHIN GROUP (ORDER BY loss) AS var_95 FROM losses
)
SELECT count(*) AS paths, min(var_95) AS var_95, avg(loss) FILTER (WHERE loss >= var_95) AS expected_shortfall_95
FROM losses, var
