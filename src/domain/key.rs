//! Small integer keys of rows in the desk's store. A key never changes its row and is never reused, so that
//! cursor, marks and pending work can hold it in place of the text identifier (four bytes, `Copy`).

macro_rules! key {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub u32);
    };
}

key!(
    /// A HIT in the store.
    HitKey
);
key!(
    /// An assignment in the store.
    AssignmentKey
);
key!(
    /// A worker in the store.
    WorkerKey
);
