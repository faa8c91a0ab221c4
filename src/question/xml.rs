//! The lenient XML reader that answers and questions share. No document type is ever expanded: an entity that XML or
//! HTML does not define stays as it stands.

use super::entity;
use quick_xml::Reader;
use quick_xml::events::Event;

/// Elements may be nested so deep.
const DEPTH: usize = 64;

/// What the reader meets.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Part<'a> {
    /// An element begins: its name without prefix, and the whole tag.
    Open(&'a str, &'a str),
    /// An element ends.
    Close(&'a str),
    /// Characters.
    Text(&'a str),
    /// One character that was written as a reference.
    Char(char),
}

/// Hands the parts of a document to `part` until its end, or until something is wrong: then says what, in words.
pub(super) fn read(xml: &str, mut part: impl FnMut(Part<'_>)) -> Option<String> {
    let mut reader = Reader::from_str(xml.trim_start_matches('\u{feff}'));
    let config = reader.config_mut();
    config.check_end_names = false;
    config.allow_unmatched_ends = true;
    config.allow_dangling_amp = true;
    let mut depth = 0usize;
    let mut doctype = false;
    loop {
        let at = reader.buffer_position();
        match reader.read_event() {
            Ok(Event::Start(tag)) => {
                depth += 1;
                if depth > DEPTH {
                    return Some(format!("elements are nested deeper than {DEPTH} levels; reading stopped there"));
                }
                part(Part::Open(tag.local_name().into_inner(), &tag));
            }
            Ok(Event::Empty(tag)) => {
                part(Part::Open(tag.local_name().into_inner(), &tag));
                part(Part::Close(tag.local_name().into_inner()));
            }
            Ok(Event::End(tag)) => {
                depth = depth.saturating_sub(1);
                part(Part::Close(tag.local_name().into_inner()));
            }
            Ok(Event::Text(text)) => part(Part::Text(&text)),
            Ok(Event::CData(text)) => part(Part::Text(&text)),
            Ok(Event::GeneralRef(reference)) => match entity::resolve(&reference) {
                Some(c) => part(Part::Char(c)),
                None => {
                    part(Part::Char('&'));
                    part(Part::Text(&reference));
                    part(Part::Char(';'));
                }
            },
            Ok(Event::DocType(_)) => doctype = true,
            Ok(Event::Eof) if depth > 0 => return Some("the document ends before it is complete".to_owned()),
            Ok(Event::Eof) => {
                return doctype.then(|| "it has a document type, which MTurk never writes; ignored".to_owned());
            }
            Ok(_) => {}
            Err(error) => return Some(format!("broken XML at byte {at}: {error}")),
        }
    }
}

/// Drops the characters that XML 1.0 cannot hold.
pub(super) fn is_legal(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}
