//! The only async glue: the desk's loop, the outbox sender, the limiter, the refresh.

pub mod archive;
pub mod clock;
pub mod decide;
pub mod desk;
pub mod engine;
pub mod index;
pub mod limiter;
pub mod lookup;
pub mod pay;
mod people;
pub mod publish;
pub mod replace;
pub mod sender;
pub mod sync;
