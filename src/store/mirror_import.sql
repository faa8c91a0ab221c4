-- What files know of HITs and assignments beside what the API reports.
ALTER TABLE hit ADD COLUMN inputs TEXT;        -- JSON: the input row, names and values in its order
ALTER TABLE hit ADD COLUMN given TEXT;         -- JSON: cells that would be written otherwise, by column
ALTER TABLE assignment ADD COLUMN given TEXT;  -- the same
