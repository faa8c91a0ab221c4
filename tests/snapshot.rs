//! Pictures of the desk: every screen as text and as style runs, in several sizes and themes. The states come from
//! events through the real `app::update`, never by hand.

#[path = "snapshot/batches.rs"]
mod batches;
#[path = "snapshot/desk.rs"]
mod desk;
#[path = "snapshot/picture.rs"]
mod picture;
#[path = "snapshot/quals.rs"]
mod quals;
#[path = "snapshot/quals_try.rs"]
mod quals_try;
#[path = "snapshot/screens.rs"]
mod screens;
#[path = "snapshot/thrift.rs"]
mod thrift;
#[path = "snapshot/workers.rs"]
mod workers;
