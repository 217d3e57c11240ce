-- works with: 4
-- Finds the longest rest that an organization demands, which each transaction reads.

CREATE INDEX organizations_by_rest ON organizations (minimum_rest);
