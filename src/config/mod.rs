//! Configuration as plain data: TOML structs, layering, errors with line and column.
