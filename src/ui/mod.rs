//! Pure views: state to buffer.
