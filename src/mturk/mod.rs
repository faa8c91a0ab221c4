//! The only files that name the AWS SDK: client, mapping, error classes.
