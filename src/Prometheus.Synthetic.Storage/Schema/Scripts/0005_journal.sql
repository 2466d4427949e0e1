-- Everything consumed and published, for operators: what came, what became of it, and from what a day can be rebuilt.
-- Bounded by a retention that the worker applies. The body is text: it is kept as it came, whatever jsonb would refuse.
CREATE TABLE synthetic.message_journal (
  direction      text NOT NULL CHECK (direction IN ('CONSUMED', 'PUBLISHED')),
  message_type   text NOT NULL CHECK (message_type <> ''),
  message_id     uuid NOT NULL,
  natural_key    text NOT NULL,
  correlation_id uuid,
  endpoint       text NOT NULL,
  body           text NOT NULL,
  body_hash      bytea NOT NULL CHECK (octet_length(body_hash) = 32),
  outcome        text NOT NULL CHECK (outcome ~ '^[A-Z_]+$'),
  detail         text,
  times          integer NOT NULL CHECK (times >= 1),
  first_at       timestamptz NOT NULL,
  last_at        timestamptz NOT NULL,
  PRIMARY KEY (message_type, message_id, direction),
  CHECK (last_at >= first_at)
);
CREATE INDEX message_journal_first ON synthetic.message_journal (first_at);
CREATE INDEX message_journal_last ON synthetic.message_journal (last_at);
CREATE INDEX message_journal_correlation ON synthetic.message_journal (correlation_id);
