-- Profit and loss of a portfolio under every path of the current set, then VaR and expected shortfall at 95 %.
-- $1: name of the lineage. Weights stand in the query; take them from target_portfolios instead.
WITH weights (instrument_id, weight) AS (
  VALUES ('EQUITY:T0', 0.6::double precision), ('EQUITY:T1', 0.4)
), compounded AS (
  -- Simple returns per step compound by product; the logarithm turns it into a sum, the baseline adds nothing.
  SELECT p.scenario_id, p.instrument_id, exp(sum(ln(1 + p."return"::double precision))) - 1 AS horizon_return
  FROM scenario_paths p
  WHERE p.scenario_set_id = (SELECT scenario_set_id FROM scenario_sets WHERE name = $1 AND (metadata ->> 'current')::boolean)
    AND p.instrument_id IN (SELECT instrument_id FROM weights)
    AND p.horizon_index > 0
  GROUP BY p.scenario_id, p.instrument_id
), losses AS (
  SELECT c.scenario_id, -sum(w.weight * c.horizon_return) AS loss
  FROM compounded c JOIN weights w USING (instrument_id)
  GROUP BY c.scenario_id
), var AS (
  SELECT percentile_disc(0.95) WITHIN GROUP (ORDER BY loss) AS var_95 FROM losses
)
SELECT count(*) AS paths, min(var_95) AS var_95, avg(loss) FILTER (WHERE loss >= var_95) AS expected_shortfall_95
FROM losses, var
