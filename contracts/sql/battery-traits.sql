-- Which traits do these sets reach together, and which of them has history shown?
-- Parameter $1: uuid[], the ids of the sets. One row per trait; reached false with history_share above 0 is what a gate
-- should ask for. Unknown properties (a horizon too short for a spectrum, paths without source days) are left out.
WITH battery AS (
  SELECT DISTINCT unnest($1::uuid[]) AS scenario_set_id
),
reached AS (
  SELECT d.dimension, d.trait, sum(c.sampled_paths) AS sampled_paths, array_agg(DISTINCT c.name ORDER BY c.name) AS sets
  FROM battery
  JOIN scenario_set_coverage c USING (scenario_set_id)
  CROSS JOIN LATERAL (VALUES ('tail', c.tail), ('dependence', c.dependence), ('spectrum', c.spectrum),
    ('radius', c.radius), ('regime', c.regime)) AS d (dimension, trait)
  WHERE d.trait <> 'UNKNOWN'
  GROUP BY d.dimension, d.trait
),
histories AS (
  SELECT count(DISTINCT h.scenario_set_id)::double precision AS number
  FROM battery JOIN scenario_set_history h USING (scenario_set_id)
),
history AS (
  SELECT d.dimension, d.trait, sum(h.share) / max(n.number) AS share
  FROM battery
  JOIN scenario_set_history h USING (scenario_set_id)
  CROSS JOIN histories n
  CROSS JOIN LATERAL (VALUES ('tail', h.tail), ('dependence', h.dependence), ('spectrum', h.spectrum),
    ('radius', h.radius), ('regime', h.regime)) AS d (dimension, trait)
  WHERE d.trait <> 'UNKNOWN'
  GROUP BY d.dimension, d.trait
)
SELECT
  dimension,
  trait,
  coalesce(h.share, 0) AS history_share,
  coalesce(r.sampled_paths, 0) AS sampled_paths,
  coalesce(r.sets, '{}') AS sets,
  r.sampled_paths IS NOT NULL AS reached
FROM history h
FULL JOIN reached r USING (dimension, trait)
ORDER BY dimension, trait;
