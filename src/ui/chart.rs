//! A chart of bars side by side, a cell wide each.

use super::paint::Painter;
use super::theme::Role;
use crate::app::layout::Area;

/// Draws a bar for each number, as high as its share of the greatest; what is not nothing is seen.
pub fn draw(p: &mut Painter<'_>, area: Area, numbers: &[u32], role: Role) {
    let levels: Vec<char> = p.theme.glyphs.bars.chars().collect();
    let most = u64::from(numbers.iter().copied().max().unwrap_or(0));
    let steps = levels.len() as u64;
    if most == 0 || steps == 0 {
        return;
    }
    for (x, number) in (area.x..area.x + area.width).zip(numbers) {
        let filled = (u64::from(*number) * u64::from(area.height) * steps).div_ceil(most);
        for row in 0..area.height {
            let level = filled.saturating_sub(u64::from(row) * steps).min(steps) as usize;
            if let Some(glyph) = level.checked_sub(1).and_then(|level| levels.get(level)) {
                p.text(x, area.y + area.height - 1 - row, 1, glyph.encode_utf8(&mut [0; 4]), role);
            }
        }
    }
}

/// Draws how much of a whole is done as one bar.
pub fn share(p: &mut Painter<'_>, (x, y, cells): (u16, u16, u16), part: u32, whole: u32, role: Role) {
    let filled = (u64::from(part) * u64::from(cells)).checked_div(u64::from(whole)).unwrap_or(0) as u16;
    let full = p.theme.glyphs.bars.chars().last().unwrap_or('#');
    let rest = p.theme.glyphs.horizontal;
    for at in 0..cells {
        let (glyph, role) = if at < filled { (full, role) } else { (rest, Role::Border) };
        p.text(x + at, y, 1, glyph.encode_utf8(&mut [0; 4]), role);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::theme::Theme;
    use ratatui::buffer::Buffer;
    use ratatui::layout::Rect;

    fn painted(height: u16, draw: impl FnOnce(&mut Painter<'_>)) -> Vec<String> {
        let theme = Theme::preset("ascii").unwrap();
        let mut buffer = Buffer::empty(Rect::new(0, 0, 6, height));
        draw(&mut Painter { buffer: &mut buffer, theme: &theme, edge: Role::Border, names: None });
        buffer.content.chunks(6).map(|line| line.iter().map(|cell| cell.symbol()).collect()).collect()
    }

    #[test]
    fn the_greatest_fills_its_column_and_the_least_is_seen() {
        let area = Area { x: 0, y: 0, width: 6, height: 2 };
        assert_eq!(painted(2, |p| draw(p, area, &[0, 1, 50, 100, 75], Role::Text)), ["   #: ", " .### "]);
        assert_eq!(painted(1, |p| draw(p, Area { height: 1, ..area }, &[0, 0], Role::Text)), ["      "]);
    }

    #[test]
    fn a_share_is_cut_and_never_full_before_its_time() {
        assert_eq!(painted(1, |p| share(p, (0, 0, 6), 99, 100, Role::Text)), ["#####-"]);
        assert_eq!(painted(1, |p| share(p, (0, 0, 6), 0, 0, Role::Text)), ["------"]);
    }
}
