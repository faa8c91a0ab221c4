-- Several decisions of different kinds may be on their way for one HIT: more time and more assignments, one after the other.
-- That there is one of each kind is seen to when they are written down (src/store/hits.rs).
DROP INDEX outbox_one_live;
CREATE UNIQUE INDEX outbox_one_live ON outbox (target)
  WHERE state <= 2 AND verb <> 'bonus' AND verb <> 'notify'
    AND verb <> 'expire' AND verb <> 'delete' AND verb <> 'extend' AND verb <> 'add assignments' AND verb <> 'change type'
    AND verb <> 'reviewing' AND verb <> 'reviewable';
