-- Where was history, and none of these sets goes?
-- Parameter $1: uuid[], the ids of the sets. One row per region, most frequent first; the shares sum to what is not
-- reached. Sets without source days know no regimes; where another set of the battery does, its history is used.
WITH battery AS (
  SELECT DISTINCT unnest($1::uuid[]) AS scenario_set_id
),
histories AS (
  SELECT h.*, bool_or(h.regime <> 'UNKNOWN') OVER (PARTITION BY h.scenario_set_id) AS labelled
  FROM battery JOIN scenario_set_history h USING (scenario_set_id)
),
used AS (
  SELECT * FROM histories WHERE labelled OR NOT EXISTS (SELECT 1 FROM histories WHERE labelled)
)
SELECT
  u.tail,
  u.dependence,
  u.spectrum,
  u.radius,
  u.regime,
  sum(u.share) / (SELECT count(DISTINCT scenario_set_id) FROM used) AS history_share
FROM used u
WHERE NOT EXISTS (
  SELECT 1 FROM battery JOIN scenario_set_coverage c USING (scenario_set_id)
  WHERE (c.tail, c.dependence, c.spectrum, c.radius, c.regime) = (u.tail, u.dependence, u.spectrum, u.radius, u.regime))
GROUP BY u.tail, u.dependence, u.spectrum, u.radius, u.regime
ORDER BY history_share DESC, u.tail, u.dependence, u.spectrum, u.radius, u.regime;
