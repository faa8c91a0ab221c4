//! The only async glue: the desk's loop, the outbox sender, the limiter, the refresh.
pub mod desk;
