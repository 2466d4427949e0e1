-- What each role may do. Applied at the end of every migration, so that a new table or document is never forgotten.
-- synthetic_owner migrates: give it to a login role that sets it (options=-c role=synthetic_owner) and it owns everything.

DO $$
DECLARE relation text;
BEGIN
  IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'synthetic_reader') THEN
    GRANT USAGE ON SCHEMA :contract, synthetic TO synthetic_reader;
    FOR relation IN SELECT format('%I.%I', n.nspname, c.relname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE n.oid = to_regnamespace(':contract') AND c.relkind = 'v' AND c.relname LIKE 'scenario\_%' LOOP
      EXECUTE format('GRANT SELECT ON %s TO synthetic_reader', relation);
    END LOOP;
  END IF;

  IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'synthetic_writer') THEN
    GRANT USAGE ON SCHEMA :contract, synthetic TO synthetic_writer;
    GRANT SELECT ON ALL TABLES IN SCHEMA :contract, synthetic TO synthetic_writer;
    GRANT INSERT ON ALL TABLES IN SCHEMA synthetic TO synthetic_writer;
    REVOKE INSERT ON synthetic.schema_versions, synthetic.evicted_contents FROM synthetic_writer;
    -- Of what is numbered, all but the number: whoever could give it could write into the past, or block what is to come.
    REVOKE INSERT ON synthetic.audit_trail, synthetic.verifications FROM synthetic_writer;
    GRANT INSERT (at, actor, action, scenario_set_id, reason, message_id, engine_version, details)
      ON synthetic.audit_trail TO synthetic_writer;
    GRANT INSERT (scenario_set_id, verified_at, verified_by, engine_version, numeric_version, outcome, recorded_hash,
      fresh_hash, stored_hash, first_difference, seconds) ON synthetic.verifications TO synthetic_writer;
    GRANT UPDATE ON synthetic.lineages, synthetic.retention_policies, synthetic.message_journal TO synthetic_writer;
    GRANT DELETE ON synthetic.set_tags, synthetic.retention_policies, synthetic.message_journal TO synthetic_writer;
    -- Documents: sagas come and go; the records of sets are guarded by a trigger.
    FOR relation IN SELECT format('synthetic.%I', c.relname) FROM pg_class c
      WHERE c.relnamespace = 'synthetic'::regnamespace AND c.relkind = 'r' AND c.relname LIKE 'mt\_doc\_%' LOOP
      EXECUTE format('GRANT UPDATE, DELETE ON %s TO synthetic_writer', relation);
    END LOOP;
    GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA synthetic TO synthetic_writer;
  END IF;
END $$;
