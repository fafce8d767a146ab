//! What is open on the screen, kept ready in memory: a table, a few texts, a list of calls.

use std::sync::{Arc, Mutex, PoisonError};

/// Few things, the last used first.
pub struct LastUsed<K, V> {
    kept: Mutex<Vec<(K, Arc<V>)>>,
    most: usize,
}

impl<K: PartialEq, V> LastUsed<K, V> {
    pub fn new(most: usize) -> Self {
        Self {
            kept: Mutex::new(Vec::new()),
            most,
        }
    }

    /// What is kept under `key`, or what `make` makes of it.
    pub fn get<E>(&self, key: K, make: impl FnOnce() -> Result<V, E>) -> Result<Arc<V>, E> {
        if let Some(value) = self.find(&key) {
            return Ok(value);
        }
        let value = Arc::new(make()?);
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.insert(0, (key, value.clone()));
        kept.truncate(self.most);
        Ok(value)
    }

    fn find(&self, key: &K) -> Option<Arc<V>> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let place = kept.iter().position(|(one, _)| one == key)?;
        kept[..=place].rotate_right(1);
        kept.first().map(|(_, value)| value.clone())
    }
}
