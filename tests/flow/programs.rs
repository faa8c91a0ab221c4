//! The editor, commands, the clipboard.
