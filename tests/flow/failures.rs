//! Endpoints that fail, in every way the market can.
