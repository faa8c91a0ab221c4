//! What is typed on the Workers screen.

/// A line to type.
#[derive(Debug, Clone, PartialEq)]
pub enum Line {
    /// The filter; the one before is restored by Esc.
    Filter {
        /// The filter before.
        before: String,
    },
}
