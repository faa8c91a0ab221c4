//! Work that comes in while a person looks.
