//! What the decoder makes of bytes, whole and in pieces.

use super::*;
use proptest::prelude::*;

fn keys(bytes: &[u8]) -> Vec<Key> {
    let mut decoder = Decoder::default();
    let mut all = decoder.feed(bytes);
    all.extend(decoder.expire());
    all.into_iter()
        .flat_map(|input| match input {
            Input::Keys(keys) => keys,
            Input::Paste(text) => panic!("a paste: {text:?}"),
        })
        .collect()
}

fn plain(codes: &[Code]) -> Vec<Key> {
    codes.iter().copied().map(Key::plain).collect()
}

#[test]
fn characters_of_any_script_are_keys() {
    let expected = ['a', 'A', '$', 'é', '漢', '🙂'].map(|c| Key::plain(Code::Char(c)));
    assert_eq!(keys("aA$é漢🙂".as_bytes()), expected);
}

#[test]
fn control_bytes_are_their_keys() {
    assert_eq!(keys(b"\x04\x15\x0c\x1a"), ['d', 'u', 'l', 'z'].map(Key::ctrl));
    assert_eq!(
        keys(b"\r\n\t\x7f\x08"),
        plain(&[Code::Enter, Code::Enter, Code::Tab, Code::Backspace, Code::Backspace])
    );
    assert_eq!(keys(b"\x1c"), [Key::ctrl('\\')]);
}

#[test]
fn arrows_and_their_family_in_every_spelling() {
    use Code::*;
    assert_eq!(keys(b"\x1b[A\x1b[B\x1bOC\x1bOD"), plain(&[Up, Down, Right, Left]));
    assert_eq!(keys(b"\x1b[H\x1b[1~\x1b[7~\x1bOH"), plain(&[Home; 4]));
    assert_eq!(keys(b"\x1b[F\x1b[4~\x1b[8~\x1bOF"), plain(&[End; 4]));
    assert_eq!(keys(b"\x1b[3~\x1b[5~\x1b[6~\x1b[Z\x1bOM"), plain(&[Delete, PageUp, PageDown, BackTab, Enter]));
}

#[test]
fn modifiers_are_read() {
    assert_eq!(keys(b"\x1b[1;5A"), [Key { code: Code::Up, ctrl: true, alt: false }]);
    assert_eq!(keys(b"\x1b[1;3D"), [Key { code: Code::Left, ctrl: false, alt: true }]);
    assert_eq!(keys(b"\x1b[3;5~"), [Key { code: Code::Delete, ctrl: true, alt: false }]);
    assert_eq!(keys(b"\x1ba\x1b\r"), [alt(Code::Char('a')), alt(Code::Enter)]);
    assert_eq!(keys("\x1bé".as_bytes()), [alt(Code::Char('é'))]);
}

#[test]
fn a_lone_escape_is_settled_by_time() {
    let mut decoder = Decoder::default();
    assert_eq!(decoder.feed(b"\x1b"), []);
    assert_eq!(decoder.patience(), Some(Patience::Key));
    assert_eq!(decoder.expire(), [Input::Keys(plain(&[Code::Esc]))]);
    assert_eq!(decoder.patience(), None);
    assert_eq!(keys(b"\x1b\x1b\x1b[A"), plain(&[Code::Esc, Code::Esc, Code::Up]));
    assert_eq!(keys(b"\x1b["), [alt(Code::Char('['))]);
    assert_eq!(keys(b"\x1bP"), [alt(Code::Char('P'))]);
}

#[test]
fn replies_of_the_terminal_are_swallowed() {
    for reply in [
        &b"\x1b[?62;22c"[..],
        b"\x1b[>41;354;0c",
        b"\x1b[12;40R",
        b"\x1b[?2026;2$y",
        b"\x1b]11;rgb:ffff/aaaa/0000\x07",
        b"\x1b]10;rgb:aaaa/aaaa/aaaa\x1b\\",
        b"\x1bP>|tmux 3.5a\x1b\\",
        b"\x1bP1+r524742=38\x1b\\",
        b"\x1b_Gi=31;OK\x1b\\",
        b"\x1b^private a message\x1b\\",
        b"\x1b[I",
        b"\x1b[O",
        b"\x1b[97;5u",
        b"\x1b[M !!",
        b"\x1b[<0;10;10M\x1b[<0;10;10m",
        b"\x1b[[A",
        b"\x1b[15~",
        b"\x1bOP",
        b"\x1b[201~",
        b"\x1b[1;2;3;4;5;6;7;8;9;10;11;12;13;14;15;16;17;18;19;20;21;22;23;24;25;26;27a",
    ] {
        let around = [b"j", reply, b"k"].concat();
        let expected = plain(&[Code::Char('j'), Code::Char('k')]);
        assert_eq!(keys(&around), expected, "{:?}", String::from_utf8_lossy(reply));
    }
}

#[test]
fn a_reply_cut_off_ends_with_its_patience() {
    let mut decoder = Decoder::default();
    assert_eq!(decoder.feed(b"\x1b]11;rgb:aaaa"), []);
    assert_eq!(decoder.patience(), Some(Patience::Sequence));
    assert_eq!(decoder.expire(), []);
    assert_eq!(decoder.feed(b"j"), [Input::Keys(plain(&[Code::Char('j')]))]);
}

#[test]
fn the_wheel_moves_like_the_arrows() {
    assert_eq!(keys(b"\x1b[<64;10;10M\x1b[<65;10;10M"), plain(&[Code::Up, Code::Down]));
}

#[test]
fn broken_utf8_is_no_key() {
    let expected = plain(&[Code::Char('a'), Code::Char('b')]);
    for broken in [&b"\xff"[..], b"\xc0\xaf", b"\xe6\xbc", b"\xed\xa0\x80", b"\xf5", b"\x9b", b"\xc2\x9b"] {
        assert_eq!(keys(&[b"a", broken, b"b"].concat()), expected, "{broken:?}");
    }
}

#[test]
fn a_paste_is_one_text_with_its_own_line_ends() {
    let mut decoder = Decoder::default();
    let got = decoder.feed(b"a\x1b[200~one\rtwo\r\n\x1b[31mred\x1b\x1b[201~b");
    let expected = [
        Input::Keys(plain(&[Code::Char('a')])),
        Input::Paste("one\ntwo\n\x1b[31mred\x1b".into()),
        Input::Keys(plain(&[Code::Char('b')])),
    ];
    assert_eq!(got, expected);
}

#[test]
fn a_paste_without_an_end_is_bounded_in_time_and_size() {
    let mut decoder = Decoder::default();
    assert_eq!(decoder.feed(b"\x1b[200~aaaa\x1b[20"), []);
    assert_eq!(decoder.patience(), Some(Patience::Paste));
    assert_eq!(decoder.expire(), [Input::Paste("aaaa\x1b[20".into())]);

    decoder.feed(b"\x1b[200~");
    assert_eq!(decoder.feed(&vec![b'a'; PASTE_LIMIT + 10]), []);
    let end = decoder.feed(b"\x1b[201~");
    assert!(matches!(&end[..], [Input::Paste(text)] if text.len() == PASTE_LIMIT));
}

#[derive(Default, Debug, PartialEq)]
struct Flat(Vec<Key>, Vec<String>);

fn flat(inputs: Vec<Input>) -> Flat {
    let mut all = Flat::default();
    for input in inputs {
        match input {
            Input::Keys(keys) => all.0.extend(keys),
            Input::Paste(text) => all.1.push(text),
        }
    }
    all
}

fn noise() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        any::<u8>().prop_map(|b| vec![b]),
        prop::sample::select(vec![
            &b"\x1b"[..],
            b"\x1b[",
            b"\x1b[200~",
            b"\x1b[201~",
            b"\x1bP",
            b"\x1b]",
            b"\x1b\\",
            b"\x07"
        ])
        .prop_map(<[u8]>::to_vec),
        "[a-z0-9;~é漢🙂]{0,4}".prop_map(String::into_bytes),
    ];
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn how_the_bytes_are_split_does_not_matter(bytes in noise(), cuts in prop::collection::vec(0usize..200, 0..8)) {
        let mut whole = Decoder::default();
        let mut expected = whole.feed(&bytes);
        expected.extend(whole.expire());

        let mut decoder = Decoder::default();
        let mut cuts: Vec<usize> = cuts.into_iter().map(|cut| cut.min(bytes.len())).chain([0, bytes.len()]).collect();
        cuts.sort_unstable();
        let mut got = Vec::new();
        for pair in cuts.windows(2) {
            got.extend(decoder.feed(&bytes[pair[0]..pair[1]]));
        }
        got.extend(decoder.expire());
        prop_assert_eq!(decoder.patience(), None);
        prop_assert_eq!(flat(got), flat(expected));
    }
}
