use super::*;
use crate::app::command::CommandId;
use crate::app::layout::Pane;
use crate::app::overlay::Overlay;

#[test]
fn the_palette_finds_commands_by_a_few_letters() {
    let mut desk = Desk::with(8);
    desk.keys(":apro");
    let Some(Overlay::Palette(palette)) = &desk.state.overlay else { panic!("no palette") };
    assert_eq!(palette.items[0].command, CommandId::Approve);
    desk.keys("<enter>");
    assert_eq!(desk.decided(), [0]);
}

#[test]
fn a_name_may_be_followed_by_an_argument() {
    let mut desk = Desk::with(8);
    desk.keys(":approve Thank you<enter>");
    let expected =
        crate::domain::decision::Decision::Approve { feedback: Some("Thank you".into()), override_rejection: false };
    assert_eq!(desk.persisted()[0].decision, expected);
    desk.keys(":bonus 0.10 well done<enter>");
    assert_eq!(desk.decided(), [1]);
    desk.keys(":undo now<enter>");
    let Some(Overlay::Palette(palette)) = &desk.state.overlay else { panic!("no palette") };
    assert!(palette.error.as_ref().unwrap().contains("takes nothing"), "{:?}", palette.error);
}

#[test]
fn the_palette_says_why_not() {
    let mut desk = Desk::with(8);
    desk.keys(":override<enter>");
    let Some(Overlay::Palette(palette)) = &desk.state.overlay else { panic!("no palette") };
    assert!(palette.error.as_ref().unwrap().contains("not rejected"), "{:?}", palette.error);
    desk.keys("<ctrl-u>zzzzzz<enter>");
    let Some(Overlay::Palette(palette)) = &desk.state.overlay else { panic!("no palette") };
    assert_eq!(palette.error.as_deref(), Some("there is no command \"zzzzzz\""));
}

#[test]
fn what_works_comes_before_what_does_not() {
    let mut desk = Desk::with(8);
    desk.keys(":un");
    let Some(Overlay::Palette(palette)) = &desk.state.overlay else { panic!("no palette") };
    assert_eq!(palette.items[0].disabled, None);
    assert!(palette.items.iter().any(|item| item.name == "unmark" && item.disabled.is_some()));
    desk.keys("<esc>?");
    let Some(Overlay::Help(help)) = &desk.state.overlay else { panic!("no help") };
    assert!(help.items.is_sorted_by_key(|item| item.disabled.is_some()));
}

#[test]
fn help_lists_what_works_here_and_runs_it() {
    let mut desk = Desk::with(8);
    desk.keys("?");
    let Some(Overlay::Help(help)) = &desk.state.overlay else { panic!("no help") };
    let item = |id| help.items.iter().find(|item| item.command == id);
    assert_eq!(item(CommandId::Approve).unwrap().disabled, None);
    assert!(item(CommandId::Override).unwrap().disabled.is_some(), "with the reason");
    assert!(item(CommandId::Fold).is_none(), "belongs to the HIT list");
    let at = help.items.iter().position(|item| item.command == CommandId::Approve).unwrap();
    desk.keys(&"j".repeat(at)).keys("<enter>");
    assert_eq!(desk.decided(), [0]);
    assert!(desk.state.overlay.is_none());
}

#[test]
fn help_scrolls_in_a_low_window() {
    let mut desk = Desk::with(8);
    desk.event(Event::Resize(40, 10));
    desk.keys("?G");
    let Some(Overlay::Help(help)) = &desk.state.overlay else { panic!("no help") };
    assert_eq!(help.cursor, help.items.len() - 1);
    assert!(help.offset > 0 && help.offset <= help.cursor);
    desk.keys("?");
    assert!(desk.state.overlay.is_none());
}

#[test]
fn every_chooser_letter_is_its_own() {
    let mut desk = Desk::with(8);
    for keys in ["s", "t", "c", "y"] {
        desk.keys(keys);
        let Some(Overlay::Chooser(chooser)) = &desk.state.overlay else { panic!("no chooser") };
        let mut letters: Vec<char> = chooser.items.iter().map(|item| item.key).collect();
        letters.sort_unstable();
        letters.dedup();
        assert_eq!(letters.len(), chooser.items.len(), "{keys}");
        desk.keys("<esc>");
    }
}

#[test]
fn copying_shows_what_was_copied() {
    let mut desk = Desk::with(8);
    desk.keys("yw");
    assert!(desk.effects.contains(&Effect::Copy("AWORKER0".into())));
    assert_eq!(desk.notice(), "copied: AWORKER0");
    desk.keys("ya");
    assert!(desk.notice().contains("not been loaded"), "{}", desk.notice());
    desk.event(Event::Details(vec![detail(0, "entailment")]));
    desk.keys("yt");
    assert!(desk.effects.contains(&Effect::Copy("label: entailment".into())));
}

#[test]
fn notes_are_kept() {
    let mut desk = Desk::with(8);
    desk.event(Event::Details(vec![detail(0, "x")]));
    desk.keys("'look again<enter>");
    assert!(desk.effects.contains(&Effect::Note(key(0), "look again".into())));
    assert!(desk.state.model.row(key(0)).unwrap().noted);
    desk.effects.clear();
    desk.keys("e");
    let Some(Effect::Edit { request, text }) = desk.effects.pop() else { panic!("no editor") };
    assert_eq!(text, "look again");
    desk.event(Event::Edited { request, text: Ok("again\n".into()) });
    assert!(desk.effects.contains(&Effect::Note(key(0), "again".into())));
    desk.effects.clear();
    desk.event(Event::Edited { request, text: Ok("late".into()) });
    assert_eq!(desk.effects, [], "asked once, answered once");
}

#[test]
fn rows_are_piped_as_json_lines() {
    let mut desk = Desk::with(8);
    desk.event(Event::Details(vec![detail(0, "x"), detail(1, "y")]));
    desk.keys("<space><space>|jq .WorkerId<enter>");
    let Some(Effect::Pipe { command, input }) = desk.effects.iter().find(|e| matches!(e, Effect::Pipe { .. })) else {
        panic!("no pipe")
    };
    assert_eq!(command, "jq .WorkerId");
    let lines: Vec<serde_json::Value> = input.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!((lines[0]["WorkerId"].as_str(), lines[0]["Answer"]["label"].as_str()), (Some("AWORKER0"), Some("x")));
    assert_eq!((lines.len(), lines[1]["Reward"].as_str()), (2, Some("0.25")));
}

#[test]
fn the_viewer_flows_into_the_next_row() {
    let mut desk = Desk::with(8);
    desk.event(Event::Details(vec![detail(0, &"word ".repeat(2_000)), detail(1, "short"), detail(2, "short")]));
    desk.keys("<enter>");
    assert_eq!(desk.state.focus, Pane::Viewer);
    desk.keys("<ctrl-d>");
    assert!(desk.state.viewer.scroll > 0);
    assert_eq!(desk.cursor(), 0);
    desk.keys("G<ctrl-d>");
    assert_eq!((desk.cursor(), desk.state.viewer.scroll), (1, 0));
    desk.keys("<ctrl-d>");
    assert_eq!(desk.cursor(), 2, "a short one is read at a glance");
    desk.keys("<up>");
    assert_eq!(desk.cursor(), 1, "arrows move the list");
    desk.keys("a");
    assert_eq!(desk.decided(), [1], "decisions work here too");
    desk.keys("<esc>");
    assert_eq!(desk.state.focus, Pane::List);
}

#[test]
fn messages_keep_what_was_said() {
    let mut desk = Desk::with(8);
    desk.event(Event::Notice { level: crate::app::event::Level::Error, text: "first".into() });
    desk.keys("j");
    assert_eq!(desk.notice(), "", "the line is free again");
    desk.keys(":messages<enter>");
    assert!(matches!(desk.state.overlay, Some(Overlay::Messages { .. })));
    assert!(desk.state.notices.history().any(|notice| notice.text == "first"));
    desk.keys("q");
    assert!(desk.state.overlay.is_none());
}

#[test]
fn quitting_with_staged_decisions_asks() {
    for (answer, expected) in [("s", Some(true)), ("k", Some(false)), ("c", None), ("<esc>", None)] {
        let mut desk = Desk::with(8);
        desk.keys("a").store();
        desk.keys("q");
        assert!(desk.effects.iter().all(|effect| !matches!(effect, Effect::Quit { .. })));
        desk.keys(answer);
        let quit = desk.effects.iter().find_map(|effect| match effect {
            Effect::Quit { send } => Some(*send),
            _ => None,
        });
        assert_eq!(quit, expected, "{answer}");
    }
    let mut desk = Desk::with(8);
    desk.keys("Q");
    assert_eq!(desk.effects, [Effect::Quit { send: false }]);
}

#[test]
fn the_mouse_is_off_until_it_is_wanted() {
    let mut desk = Desk::with(8);
    assert!(!desk.state.mouse);
    desk.keys(":mouse<enter>");
    assert!(desk.effects.contains(&Effect::Mouse(true)));
}
