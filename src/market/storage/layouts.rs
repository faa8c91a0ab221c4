//! HIT layouts.

use rusqlite::{OptionalExtension, params};

use super::{Change, RequesterKey, StorageError, View};

/// A layout.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    /// `HITLayoutId`.
    pub id: String,
    /// What the operator calls it.
    pub name: String,
    /// The page, with placeholders.
    pub page: String,
    /// `FrameHeight` of the questions made of it.
    pub frame_height: u32,
}

const LAYOUT: &str = "SELECT layout_id, name, page, frame_height FROM layouts WHERE requester = ?1";

fn layout(row: &rusqlite::Row<'_>) -> rusqlite::Result<Layout> {
    Ok(Layout { id: row.get(0)?, name: row.get(1)?, page: row.get(2)?, frame_height: row.get(3)? })
}

impl View<'_> {
    /// A requester's layout.
    pub fn layout(&self, who: RequesterKey, id: &str) -> Result<Option<Layout>, StorageError> {
        let mut statement = self.conn.prepare_cached(&format!("{LAYOUT} AND layout_id = ?2"))?;
        Ok(statement.query_row(params![who.0, id], layout).optional()?)
    }

    /// A requester's layouts, oldest first.
    pub fn layouts(&self, who: RequesterKey) -> Result<Vec<Layout>, StorageError> {
        let mut statement = self.conn.prepare_cached(&format!("{LAYOUT} ORDER BY id"))?;
        let rows = statement.query_map([who.0], layout)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

impl Change<'_> {
    /// Adds a layout; its `HITLayoutId`, or none when the requester has a layout of that name.
    pub fn add_layout(
        &mut self,
        who: RequesterKey,
        name: &str,
        page: &str,
        frame_height: u32,
    ) -> Result<Option<String>, StorageError> {
        let id = self.mint.entity();
        let added = self.conn.execute(
            "INSERT INTO layouts (requester, layout_id, name, page, frame_height, created)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (requester, name) DO NOTHING",
            params![who.0, id, name, page, frame_height, self.now.0],
        )?;
        Ok((added > 0).then_some(id))
    }
}
