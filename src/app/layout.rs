//! Where everything is, as a pure function of size, screen, focus and zoom. The state asks it how many lines the list
//! has, the views ask it where to draw: so no measurement ever travels from a view back into the state.

/// The smallest window the desk works in.
pub const MIN_COLUMNS: u16 = 40;
/// The smallest window the desk works in.
pub const MIN_LINES: u16 = 10;
/// From here on the HIT list stands beside the others.
pub const THREE_PANES: u16 = 120;
/// From here on list and viewer stand together.
pub const TWO_PANES: u16 = 80;

/// A rectangle of cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Area {
    /// Columns from the left.
    pub x: u16,
    /// Lines from the top.
    pub y: u16,
    /// In columns.
    pub width: u16,
    /// In lines.
    pub height: u16,
}

impl Area {
    const fn new(x: u16, y: u16, width: u16, height: u16) -> Self {
        Area { x, y, width, height }
    }

    /// The first line: a pane's heading.
    pub const fn head(self) -> Area {
        Area::new(self.x, self.y, self.width, if self.height > 0 { 1 } else { 0 })
    }

    /// All but the first line: a pane's content.
    pub const fn body(self) -> Area {
        Area::new(self.x, self.y.saturating_add(1), self.width, self.height.saturating_sub(1))
    }
}

/// The screens, by their digit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Screen {
    /// 1: HIT list, assignment list, viewer.
    #[default]
    Review,
    /// 2: everybody who ever worked for this account.
    Workers,
    /// 3: qualification types, who holds them and who asks for them.
    Qualifications,
    /// 4: what was published, how far it is, what it costs and pays.
    Batches,
    /// 5: what was decided and what became of it.
    Activity,
}

/// What can have the focus.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Pane {
    /// The HIT list of Review.
    Hits,
    /// The assignment list of Review.
    #[default]
    List,
    /// One assignment.
    Viewer,
    /// The list of the Workers screen.
    Workers,
    /// The list of qualification types.
    Types,
    /// What stands beside it: the type itself, its holders, its requests, its test.
    TypeTab,
    /// The list of batches.
    Batches,
    /// What stands below it: the batch's figures, its HITs.
    BatchPage,
    /// The list of the Activity screen.
    Activity,
}

/// Where everything is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Layout {
    /// The window is under 40x10: one line says so, nothing else is drawn.
    pub too_small: bool,
    /// The title bar: the first line.
    pub title: Area,
    /// The HIT list, if it is shown; its first line is its heading, as with every pane.
    pub hits: Option<Area>,
    /// The column between the HIT list and the rest.
    pub divider: Option<Area>,
    /// The assignment list, if it is shown.
    pub list: Option<Area>,
    /// The names of its columns, where there is room: the line below its heading.
    pub columns: Option<Area>,
    /// The viewer, if it is shown.
    pub viewer: Option<Area>,
    /// The list of workers, if it is shown.
    pub workers: Option<Area>,
    /// The list of qualification types, if it is shown.
    pub types: Option<Area>,
    /// What stands beside the list of qualification types, if it is shown.
    pub type_tab: Option<Area>,
    /// What is under the cursor of the Workers screen in full, where there is room.
    pub people_detail: Option<Area>,
    /// The list of batches, if it is shown.
    pub batches: Option<Area>,
    /// What stands below the list of batches, if it is shown.
    pub batch_page: Option<Area>,
    /// The Activity list, if it is shown.
    pub activity: Option<Area>,
    /// The line of the Activity list under the cursor in full, where there is room; its first line is its heading.
    pub activity_detail: Option<Area>,
    /// The notice line, above the keys; in low windows it shares the line of the keys.
    pub notice: Option<Area>,
    /// The keys that work now and what they would act on: the last line.
    pub footer: Area,
}

impl Layout {
    /// The area of a pane, if it is shown.
    pub fn area(&self, pane: Pane) -> Option<Area> {
        match pane {
            Pane::Hits => self.hits,
            Pane::List => self.list,
            Pane::Viewer => self.viewer,
            Pane::Workers => self.workers,
            Pane::Types => self.types,
            Pane::TypeTab => self.type_tab,
            Pane::Batches => self.batches,
            Pane::BatchPage => self.batch_page,
            Pane::Activity => self.activity,
        }
    }

    /// Where a pane's content is: all but its heading and the names of its columns. Nowhere if it is not shown.
    pub fn content(&self, pane: Pane) -> Area {
        let body = self.area(pane).unwrap_or_default().body();
        let named = match pane {
            Pane::List => self.columns.is_some(),
            Pane::Workers | Pane::Types | Pane::Batches => true,
            _ => false,
        };
        if named { body.body() } else { body }
    }

    /// How many lines of content a pane has; at least one, so that a page is never empty.
    pub fn lines(&self, pane: Pane) -> usize {
        self.content(pane).height.max(1).into()
    }
}

/// Lays the desk out in a window. A window of 0x0 counts as 80x24.
pub fn layout(columns: u16, lines: u16, screen: Screen, focus: Pane, zoom: bool) -> Layout {
    let (columns, lines) = if columns == 0 || lines == 0 { (80, 24) } else { (columns, lines) };
    if columns < MIN_COLUMNS || lines < MIN_LINES {
        return Layout { too_small: true, title: Area::new(0, 0, columns, 1), ..Layout::default() };
    }
    let roomy = lines >= 16;
    let middle = Area::new(0, 1, columns, lines - if roomy { 3 } else { 2 });
    let mut layout = Layout {
        title: Area::new(0, 0, columns, 1),
        footer: Area::new(0, lines - 1, columns, 1),
        notice: roomy.then_some(Area::new(0, lines - 2, columns, 1)),
        ..Layout::default()
    };
    match screen {
        Screen::Qualifications => quals(&mut layout, middle, focus, zoom || !roomy),
        Screen::Batches => batches(&mut layout, middle, focus, zoom || !roomy),
        Screen::Workers => {
            let below = if roomy && !zoom { middle.height / 2 } else { 0 };
            let upper = Area::new(0, middle.y, columns, middle.height - below);
            layout.workers = Some(upper);
            layout.people_detail = (below > 0).then_some(Area::new(0, middle.y + upper.height, columns, below));
        }
        Screen::Activity => {
            let below = if roomy { middle.height / 3 } else { 0 };
            let upper = middle.height - below;
            layout.activity = Some(Area::new(0, middle.y, columns, upper));
            layout.activity_detail = (below > 0).then_some(Area::new(0, middle.y + upper, columns, below));
        }
        Screen::Review if zoom || columns < TWO_PANES => {
            layout.list = (focus == Pane::List).then_some(middle);
            layout.viewer = (focus == Pane::Viewer).then_some(middle);
            layout.hits = (focus == Pane::Hits).then_some(middle);
        }
        Screen::Review => {
            let wide = columns >= THREE_PANES;
            let left = if wide { (columns / 4).clamp(32, 48) } else { 0 };
            let rest = if wide { Area::new(left + 1, 1, columns - left - 1, middle.height) } else { middle };
            let upper = (rest.height / 2).max(4);
            layout.list = Some(Area::new(rest.x, rest.y, rest.width, upper));
            layout.viewer = Some(Area::new(rest.x, rest.y + upper, rest.width, rest.height - upper));
            if wide {
                layout.hits = Some(Area::new(0, 1, left, middle.height));
                layout.divider = Some(Area::new(left, 1, 1, middle.height));
            } else if focus == Pane::Hits {
                // Over the others: half a list beside it would be neither readable nor out of the way.
                layout.hits = Some(middle);
                (layout.list, layout.viewer) = (None, None);
            }
        }
    }
    layout.columns = layout.list.filter(|_| roomy).map(|list| list.body().head());
    layout
}

/// The types, and what stands beside them: on the right where there is room, else below.
fn quals(layout: &mut Layout, middle: Area, focus: Pane, alone: bool) {
    if alone {
        layout.types = (focus != Pane::TypeTab).then_some(middle);
        layout.type_tab = (focus == Pane::TypeTab).then_some(middle);
    } else if middle.width >= THREE_PANES {
        let left = (middle.width / 2).min(72);
        layout.types = Some(Area::new(0, middle.y, left, middle.height));
        layout.divider = Some(Area::new(left, middle.y, 1, middle.height));
        layout.type_tab = Some(Area::new(left + 1, middle.y, middle.width - left - 1, middle.height));
    } else {
        let upper = middle.height / 3;
        layout.types = Some(Area::new(0, middle.y, middle.width, upper));
        layout.type_tab = Some(Area::new(0, middle.y + upper, middle.width, middle.height - upper));
    }
}

/// The batches, and below them the page of the one under the cursor.
fn batches(layout: &mut Layout, middle: Area, focus: Pane, alone: bool) {
    if alone {
        layout.batches = (focus != Pane::BatchPage).then_some(middle);
        layout.batch_page = (focus == Pane::BatchPage).then_some(middle);
    } else {
        let upper = middle.height / 3;
        layout.batches = Some(Area::new(0, middle.y, middle.width, upper));
        layout.batch_page = Some(Area::new(0, middle.y + upper, middle.width, middle.height - upper));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn panes_follow_the_width() {
        let at = |columns, focus| layout(columns, 40, Screen::Review, focus, false);
        let narrow = at(79, Pane::List);
        assert!(narrow.list.is_some() && narrow.viewer.is_none() && narrow.hits.is_none());
        let middle = at(80, Pane::List);
        assert!(middle.list.is_some() && middle.viewer.is_some() && middle.hits.is_none());
        let over = at(80, Pane::Hits);
        assert!(over.hits.is_some_and(|hits| hits.width == 80) && over.list.is_none() && over.viewer.is_none());
        let wide = at(120, Pane::List);
        assert!(wide.list.is_some() && wide.viewer.is_some() && wide.hits.is_some());
    }

    #[test]
    fn zoom_leaves_one_pane() {
        let zoomed = layout(200, 60, Screen::Review, Pane::Viewer, true);
        assert_eq!(zoomed.viewer, Some(Area::new(0, 1, 200, 57)));
        assert!(zoomed.list.is_none() && zoomed.hits.is_none());
    }

    #[test]
    fn a_window_of_unknown_size_counts_as_80x24() {
        let unknown = layout(0, 0, Screen::Review, Pane::List, false);
        assert_eq!(unknown, layout(80, 24, Screen::Review, Pane::List, false));
        assert!(layout(39, 24, Screen::Review, Pane::List, false).too_small);
    }

    proptest! {
        #[test]
        fn nothing_leaves_the_window(columns in 1u16..300, lines in 1u16..120, zoom: bool, which in 0usize..9) {
            let all = [Pane::Hits, Pane::List, Pane::Viewer, Pane::Activity, Pane::Workers, Pane::Types, Pane::TypeTab,
                Pane::Batches, Pane::BatchPage];
            let focus = all[which];
            let screen = match focus {
                Pane::Activity => Screen::Activity,
                Pane::Workers => Screen::Workers,
                Pane::Types | Pane::TypeTab => Screen::Qualifications,
                Pane::Batches | Pane::BatchPage => Screen::Batches,
                _ => Screen::Review,
            };
            let layout = layout(columns, lines, screen, focus, zoom);
            let areas = [layout.hits, layout.divider, layout.list, layout.viewer, layout.activity, layout.activity_detail, layout.notice,
                layout.workers, layout.types, layout.type_tab, layout.people_detail, layout.batches, layout.batch_page];
            for area in areas.into_iter().flatten().chain([layout.title, layout.footer]) {
                prop_assert!(area.x + area.width <= columns, "{area:?}");
                prop_assert!(area.y + area.height <= lines, "{area:?}");
            }
            prop_assert!(layout.too_small || layout.area(focus).is_some_and(|area| area.height > 1));
        }
    }
}
