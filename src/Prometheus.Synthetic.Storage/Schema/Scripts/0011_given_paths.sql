-- Paths brought in from files, in chunks of whole paths under their content hash. The calibration snapshot of an imported
-- set is the list of the hashes, so that a range of paths is read without the rest and equal paths are stored once.
CREATE TABLE synthetic.given_paths (
  chunk_hash         text PRIMARY KEY CHECK (chunk_hash ~ '^sha256:[0-9a-f]{64}$'),
  uncompressed_bytes bigint NOT NULL CHECK (uncompressed_bytes > 0),
  content            bytea NOT NULL,
  created_at         timestamptz NOT NULL
);
-- The content is compressed already.
ALTER TABLE synthetic.given_paths ALTER COLUMN content SET STORAGE EXTERNAL;
