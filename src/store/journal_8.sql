-- HITs that ask anew for answers which another HIT of their row did not get.
ALTER TABLE batch_hit ADD COLUMN instead INTEGER; -- the part that this one makes up for
