//! Looking texts up while a person types: one question at a time, and a newer one ends the one before.

use crate::app::effect::TextTerm;
use crate::app::event::{Event, RequestId};
use crate::store::{Stop, Store};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// The questions of one desk.
#[derive(Debug, Clone)]
pub struct Search {
    store: Store,
    newest: Arc<AtomicU64>,
    stop: Stop,
    turn: Arc<Mutex<()>>,
}

impl Search {
    /// Nothing has been asked.
    pub fn new(store: Store) -> Search {
        Search { store, newest: Arc::default(), stop: Stop::default(), turn: Arc::default() }
    }

    /// A new question, which ends the one that is being looked up. The work answers it, blocking; nothing if a newer one has
    /// been asked meanwhile.
    pub fn ask(&self, request: RequestId, terms: Vec<TextTerm>) -> impl FnOnce() -> Option<Event> + Send + use<> {
        let mine = self.newest.fetch_add(1, Ordering::SeqCst) + 1;
        self.stop.stop();
        let search = self.clone();
        move || search.answer(mine, request, &terms)
    }

    fn answer(&self, mine: u64, request: RequestId, terms: &[TextTerm]) -> Option<Event> {
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        let wanted = || self.newest.load(Ordering::SeqCst) == mine;
        let mut sets = Vec::with_capacity(terms.len());
        for term in terms {
            if !wanted() {
                return None;
            }
            match self.store.read_until(&self.stop, |reader| reader.find(term)) {
                Ok(keys) => sets.push(keys),
                Err(_) if !wanted() => return None,
                Err(error) => {
                    let why = format!("the answers could not be searched: {error}");
                    return Some(Event::Found { request, sets: Err(why) });
                }
            }
        }
        wanted().then_some(Event::Found { request, sets: Ok(sets) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Stamp;

    #[test]
    fn only_the_newest_question_is_answered() {
        let dir = tempfile::tempdir().unwrap();
        let stamp = Stamp { endpoint: "http://127.0.0.1:1".to_owned(), account: "lab".to_owned() };
        let search = Search::new(Store::open(dir.path(), &stamp, "anna@lab").unwrap());
        let word = |text: &str| vec![TextTerm::Word(text.to_owned())];
        let request = RequestId::default();
        let (older, newer) = (search.ask(request, word("bi")), search.ask(request, word("bird")));
        assert!(older().is_none());
        assert!(matches!(newer(), Some(Event::Found { sets: Ok(sets), .. }) if sets == [vec![]]));
    }
}
