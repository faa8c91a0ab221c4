//! The HIT list: "All work", then batches, each with its HITs unless it is folded; in the order in which they became
//! known, so that what arrives comes last.

use super::model::Model;
use crate::domain::key::HitKey;
use std::collections::HashSet;
use std::sync::Arc;

/// One line of the HIT list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Node {
    /// The first line.
    All,
    /// A batch, by its place in [`Model::batches`].
    Batch(usize),
    /// A HIT.
    Hit(HitKey),
}

/// The HIT list.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Tree {
    /// The lines; draw `nodes[offset..]` as far as the pane goes.
    pub nodes: Vec<Node>,
    /// The line of the cursor.
    pub cursor: usize,
    /// The first visible line.
    pub offset: usize,
    /// The batches whose HITs are shown, by name.
    pub unfolded: HashSet<Arc<str>>,
}

impl Tree {
    /// Makes the lines anew after HITs came or a batch was folded. The cursor stays on its node, or goes to its batch.
    pub fn rebuild(&mut self, model: &Model) {
        let node = self.nodes.get(self.cursor).copied().unwrap_or(Node::All);
        let mut order: Vec<(Option<HitKey>, usize)> = Vec::with_capacity(model.batches().len());
        for (at, batch) in model.batches().iter().enumerate() {
            if !batch.hits.is_empty() {
                let first = batch.hits.iter().min().copied();
                order.push((first, at));
            }
        }
        order.sort_unstable();
        self.nodes.clear();
        self.nodes.push(Node::All);
        for (_, at) in order {
            let batch = &model.batches()[at];
            self.nodes.push(Node::Batch(at));
            if self.unfolded.contains(&batch.name) {
                let mut hits = batch.hits.clone();
                hits.sort_unstable();
                self.nodes.extend(hits.into_iter().map(Node::Hit));
            }
        }
        let parent = match node {
            Node::Hit(key) => model.batch_of(key).map(Node::Batch),
            other => Some(other),
        };
        let find = |wanted: Node| self.nodes.iter().position(|node| *node == wanted);
        self.cursor = find(node).or_else(|| parent.and_then(find)).unwrap_or(0);
    }
}
