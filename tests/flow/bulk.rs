//! Many at once, and what stops a person from doing that by accident.
