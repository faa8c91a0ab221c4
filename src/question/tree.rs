//! A strict XML reader: the whole document as a tree, every element and attribute with its place. What XML 1.0 forbids
//! is refused, and so is a document type; nothing is ever expanded but the references that XML (or XHTML) defines.

use super::fault::At;
use super::{entity, xml};
use quick_xml::Reader;
use quick_xml::events::Event;
use std::borrow::Cow;
use std::rc::Rc;

/// Elements may be nested so deep.
const DEPTH: usize = 256;
/// A document may have so many elements, an element so many attributes; so many prefixes may be declared at one place.
const ELEMENTS: usize = 100_000;
const ATTRIBUTES: usize = 64;
const PREFIXES: usize = 128;

/// The namespace that `xml:` stands for, without declaration.
const XML: &str = "http://www.w3.org/XML/1998/namespace";

/// What is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A document: one root element, and the five references of XML.
    Document,
    /// A piece of XHTML, which gets a root element without name: text and elements, with the references of XHTML.
    Fragment,
}

/// An element.
#[derive(Debug, Default)]
pub(super) struct Element<'a> {
    /// Its name without prefix.
    pub(super) name: &'a str,
    /// The namespace it is in.
    pub(super) space: Option<Rc<str>>,
    /// Where it begins.
    pub(super) at: usize,
    /// Its attributes, without the declarations of namespaces.
    pub(super) attributes: Vec<Attribute<'a>>,
    /// The elements in it.
    pub(super) children: Vec<Element<'a>>,
    /// The characters directly in it.
    pub(super) text: Text,
}

/// An attribute.
#[derive(Debug)]
pub(super) struct Attribute<'a> {
    /// Its name as written.
    pub(super) name: &'a str,
    /// The namespace that its prefix stands for.
    pub(super) space: Option<Rc<str>>,
    /// Its value.
    pub(super) value: String,
    /// Where it begins.
    pub(super) at: usize,
}

/// Characters, and where they stood in the document.
#[derive(Debug, Default)]
pub(super) struct Text {
    /// The characters, references replaced.
    pub(super) value: String,
    /// Where pieces begin: in the value, and in the document.
    pieces: Vec<(usize, usize)>,
}

impl Text {
    fn push(&mut self, text: &str, at: usize) {
        self.pieces.push((self.value.len(), at));
        self.value.push_str(text);
    }

    /// Where in the document a byte of the value stood.
    pub(super) fn source(&self, offset: usize) -> usize {
        let piece = self.pieces.partition_point(|(from, _)| *from <= offset).saturating_sub(1);
        self.pieces.get(piece).map_or(0, |(from, at)| at + offset.saturating_sub(*from))
    }

    pub(super) fn is_blank(&self) -> bool {
        self.value.chars().all(|c| matches!(c, ' ' | '\t' | '\r' | '\n'))
    }

    /// Where the first character that is not blank stood.
    pub(super) fn start(&self) -> usize {
        self.source(self.value.len() - self.value.trim_start().len())
    }
}

/// A part of what an element holds.
#[derive(Debug)]
pub(super) enum Node<'e, 'a> {
    /// Characters.
    Text(&'e str),
    /// An element.
    Element(&'e Element<'a>),
}

impl<'a> Element<'a> {
    /// What it holds, in the order of the document.
    pub(super) fn nodes(&self) -> Vec<Node<'_, 'a>> {
        let mut children = self.children.iter().peekable();
        let mut nodes = Vec::with_capacity(self.children.len() + self.text.pieces.len());
        let ends = self.text.pieces.iter().skip(1).map(|(from, _)| *from).chain([self.text.value.len()]);
        for ((from, at), end) in self.text.pieces.iter().zip(ends) {
            while let Some(child) = children.next_if(|child| child.at < *at) {
                nodes.push(Node::Element(child));
            }
            nodes.push(Node::Text(&self.text.value[*from..end]));
        }
        nodes.extend(children.map(Node::Element));
        nodes
    }
}

/// Reads a document.
pub(super) fn parse(source: &str, kind: Kind) -> Result<Element<'_>, At> {
    if let Some((at, c)) = source.char_indices().find(|(_, c)| !xml::is_legal(*c)) {
        return Err(At::new(at, format!("The character U+{:04X} is not allowed in XML.", c as u32)));
    }
    let mut reader = Reader::from_str(source);
    reader.config_mut().check_end_names = true;
    reader.config_mut().check_comments = true;
    let open = if kind == Kind::Fragment { vec![Element::default()] } else { Vec::new() };
    let mut builder = Builder { source, kind, open, spaces: Vec::new(), root: None, elements: 0 };
    loop {
        let at = position(reader.buffer_position());
        match reader.read_event() {
            Ok(Event::Eof) => return builder.finish(),
            Ok(event) => builder.event(&event, at)?,
            Err(error) => {
                let words = match error {
                    quick_xml::Error::IllFormed(error) => error.to_string(),
                    quick_xml::Error::Syntax(error) => error.to_string(),
                    error => error.to_string(),
                };
                return Err(At::new(
                    position(reader.error_position()),
                    format!("This is not well-formed XML: {words}."),
                ));
            }
        }
    }
}

/// An offset of the reader: documents that fit into memory have no larger ones.
fn position(offset: u64) -> usize {
    usize::try_from(offset).unwrap_or(usize::MAX)
}

/// A prefix in scope: the depth it was declared at, the prefix (empty for the default), the namespace.
type Scope<'a> = (usize, &'a str, Option<Rc<str>>);

struct Builder<'a> {
    source: &'a str,
    kind: Kind,
    open: Vec<Element<'a>>,
    spaces: Vec<Scope<'a>>,
    root: Option<Element<'a>>,
    elements: usize,
}

impl<'a> Builder<'a> {
    fn event(&mut self, event: &Event<'_>, at: usize) -> Result<(), At> {
        match event {
            Event::Start(tag) => self.start(tag.len(), tag.name().as_ref().len(), at),
            Event::Empty(tag) => {
                self.start(tag.len(), tag.name().as_ref().len(), at)?;
                self.end();
                Ok(())
            }
            Event::End(_) => {
                self.end();
                Ok(())
            }
            Event::Text(text) => {
                if let Some(inside) = text.find("]]>") {
                    return Err(At::new(at + inside, "\"]]>\" must not stand in text; write \"]]&gt;\"."));
                }
                self.text(text, at)
            }
            Event::GeneralRef(name) => {
                let c = reference(name, self.kind).map_err(|words| At::new(at, words))?;
                if self.open.is_empty() {
                    return outside(name, at, true);
                }
                self.text(c.encode_utf8(&mut [0; 4]), at)
            }
            Event::Comment(_) | Event::PI(_) | Event::CData(_) if self.kind == Kind::Fragment => {
                Err(At::new(at, "Comments, processing instructions and CDATA are not allowed in formatted content."))
            }
            Event::CData(text) if self.open.is_empty() => outside(text, at, true),
            Event::CData(text) => self.text(text, at + "<![CDATA[".len()),
            Event::DocType(_) => Err(At::new(at, "A document type declaration is not allowed.")),
            Event::Decl(_) if self.root.is_some() || !self.open.is_empty() => {
                Err(At::new(at, "The XML declaration must stand at the beginning."))
            }
            Event::Decl(_) | Event::Comment(_) | Event::PI(_) | Event::Eof => Ok(()),
        }
    }

    fn text(&mut self, text: &str, at: usize) -> Result<(), At> {
        match self.open.last_mut() {
            Some(element) => {
                element.text.push(text, at);
                Ok(())
            }
            None => outside(text, at, false),
        }
    }

    /// An element begins whose tag is so long (without brackets), its name being the first part of it.
    fn start(&mut self, length: usize, name: usize, at: usize) -> Result<(), At> {
        let tag = self.source.get(at + 1..at + 1 + length).unwrap_or("");
        let (name, rest) = tag.split_at_checked(name).unwrap_or((tag, ""));
        self.elements += 1;
        let depth = self.open.len() + 1;
        if depth > DEPTH {
            return Err(At::new(at, format!("The elements are nested deeper than {DEPTH} levels.")));
        }
        if self.elements > ELEMENTS {
            return Err(At::new(at, format!("The document has more than {ELEMENTS} elements.")));
        }
        if self.open.is_empty() && self.root.is_some() {
            return Err(At::new(at, format!("A second root element <{name}> is not allowed.")));
        }
        let written = attributes(rest, at + 1 + name.len(), self.kind)?;
        let mut own = Vec::with_capacity(written.len());
        for attribute in written {
            let prefix = match attribute.name.split_once(':') {
                None if attribute.name == "xmlns" => "",
                Some(("xmlns", prefix)) => prefix,
                _ => {
                    own.push(attribute);
                    continue;
                }
            };
            if self.spaces.len() == PREFIXES {
                return Err(At::new(attribute.at, format!("More than {PREFIXES} namespaces are declared.")));
            }
            let space = Some(attribute.value).filter(|value| !value.is_empty()).map(Rc::from);
            self.spaces.push((depth, prefix, space));
        }
        for attribute in &mut own {
            // An attribute without prefix is in no namespace, whatever the default is.
            if let Some((prefix, _)) = attribute.name.split_once(':') {
                attribute.space = Some(self.space(prefix, attribute.at)?);
            }
        }
        let (prefix, local) = name.split_once(':').unwrap_or(("", name));
        let space = if prefix.is_empty() { self.default_space() } else { Some(self.space(prefix, at)?) };
        if local.is_empty() || local.contains(':') {
            return Err(At::new(at, format!("<{name}> is no name of an element.")));
        }
        self.open.push(Element { name: local, space, at, attributes: own, ..Element::default() });
        Ok(())
    }

    fn end(&mut self) {
        let depth = self.open.len();
        while self.spaces.pop_if(|(declared, _, _)| *declared >= depth).is_some() {}
        let Some(element) = self.open.pop() else { return };
        match self.open.last_mut() {
            Some(parent) => parent.children.push(element),
            None => self.root = Some(element),
        }
    }

    fn default_space(&self) -> Option<Rc<str>> {
        self.spaces.iter().rev().find(|(_, prefix, _)| prefix.is_empty()).and_then(|(_, _, space)| space.clone())
    }

    fn space(&self, prefix: &str, at: usize) -> Result<Rc<str>, At> {
        if prefix == "xml" {
            return Ok(Rc::from(XML));
        }
        let declared = self.spaces.iter().rev().find(|(_, known, _)| *known == prefix);
        let space = declared.and_then(|(_, _, space)| space.clone());
        space.ok_or_else(|| At::new(at, format!("The prefix \"{prefix}\" has no namespace: declare xmlns:{prefix}.")))
    }

    fn finish(mut self) -> Result<Element<'a>, At> {
        if self.kind == Kind::Fragment && self.open.len() == 1 {
            self.end();
        }
        if let Some(element) = self.open.last() {
            return Err(At::new(element.at, format!("The document ends, but <{}> is still open.", element.name)));
        }
        self.root.ok_or_else(|| At::new(self.source.len(), "The document has no element."))
    }
}

/// What stands outside the document's element can only be blank.
fn outside(text: &str, at: usize, is_markup: bool) -> Result<(), At> {
    let blank = text.len() - text.trim_start_matches([' ', '\t', '\r', '\n', '\u{feff}']).len();
    if blank == text.len() && !is_markup {
        return Ok(());
    }
    Err(At::new(at + if is_markup { 0 } else { blank }, "There is text outside the document's element."))
}

/// The character that a reference stands for.
fn reference(name: &str, kind: Kind) -> Result<char, String> {
    let known =
        name.starts_with('#') || kind == Kind::Fragment || matches!(name, "amp" | "lt" | "gt" | "quot" | "apos");
    match entity::resolve(name).filter(|c| known && xml::is_legal(*c)) {
        Some(c) => Ok(c),
        None if name.starts_with('#') => Err(format!("&{name}; is no character that XML allows.")),
        None if kind == Kind::Fragment => Err(format!("&{name}; is not defined in XHTML.")),
        None => Err(format!("&{name}; is not defined in XML; write the character itself, or its number.")),
    }
}

fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\r' | '\n')
}

/// The attributes in a tag, behind its name.
fn attributes<'a>(tag: &'a str, base: usize, kind: Kind) -> Result<Vec<Attribute<'a>>, At> {
    let mut found: Vec<Attribute<'a>> = Vec::new();
    let mut rest = tag;
    loop {
        let trimmed = rest.trim_start_matches(is_blank);
        if trimmed.is_empty() || trimmed == "/" {
            return Ok(found);
        }
        let at = base + (tag.len() - trimmed.len());
        if trimmed.len() == rest.len() {
            return Err(At::new(at, "A blank must stand before an attribute."));
        }
        let end = trimmed.find(|c| is_blank(c) || matches!(c, '=' | '/' | '<' | '"' | '\'')).unwrap_or(trimmed.len());
        let (name, after) = trimmed.split_at(end);
        let Some(value) = after.trim_start_matches(is_blank).strip_prefix('=').filter(|_| !name.is_empty()) else {
            return Err(At::new(
                at,
                format!("An attribute is written name=\"value\"; here stands {:?}.", clip(trimmed)),
            ));
        };
        let value = value.trim_start_matches(is_blank);
        let quoted =
            value.chars().next().filter(|c| matches!(c, '"' | '\'')).and_then(|quote| value[1..].split_once(quote));
        let Some((raw, after)) = quoted else {
            return Err(At::new(at, format!("The value of the attribute {name} must stand in quotes.")));
        };
        if found.len() == ATTRIBUTES {
            return Err(At::new(at, format!("An element has more than {ATTRIBUTES} attributes.")));
        }
        if found.iter().any(|other| other.name == name) {
            return Err(At::new(at, format!("The attribute {name} stands twice in one tag.")));
        }
        let value = unescape(raw, kind).map_err(|words| At::new(at, words))?.into_owned();
        found.push(Attribute { name, space: None, value, at });
        rest = after;
    }
}

/// The beginning of a text, for a message.
fn clip(text: &str) -> String {
    text.chars().take(20).collect()
}

fn unescape(raw: &str, kind: Kind) -> Result<Cow<'_, str>, String> {
    if raw.contains('<') {
        return Err("\"<\" must not stand in the value of an attribute; write \"&lt;\".".to_owned());
    }
    if !raw.contains('&') {
        return Ok(Cow::Borrowed(raw));
    }
    let mut out = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some((before, after)) = rest.split_once('&') {
        out.push_str(before);
        let name = after.split_once(';').filter(|(name, _)| !name.is_empty() && !name.contains(is_blank));
        let Some((name, after)) = name else {
            return Err("\"&\" must be written \"&amp;\".".to_owned());
        };
        out.push(reference(name, kind)?);
        rest = after;
    }
    out.push_str(rest);
    Ok(Cow::Owned(out))
}

#[cfg(test)]
mod tests;
