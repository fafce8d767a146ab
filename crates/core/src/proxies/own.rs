//! Proxies of the person's own, one a country, for the engine on this computer. Their passwords are in
//! the keychain or, until the app quits, in memory.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use local_engine::CountryProxy;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::{Deserialize, Serialize};
use tokio::sync::Mutex;
use zeroize::Zeroizing;

use super::address::{ReadProxy, read};
use super::{OwnProxyForm, OwnProxyView};
use crate::accounts::KeepKey;
use crate::keychain::Keychain;
use crate::stored_file::{Found, StoredFile};
use crate::{Answer, AppError, ErrorCode};

/// The entered proxies; cheap to clone.
#[derive(Clone)]
pub struct OwnProxies {
    file: StoredFile,
    keychain: Keychain,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    entries: Vec<Entry>,
    /// What was removed last, for an undo.
    removed: Option<(Entry, Zeroizing<String>)>,
    /// What the engine has been given; none: to be read anew.
    given: Option<Vec<CountryProxy>>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Entry {
    country: String,
    address: String,
    user: String,
    has_password: bool,
    in_keychain: bool,
}

#[derive(Default, Serialize, Deserialize)]
struct Stored {
    proxies: Vec<Entry>,
}

impl OwnProxies {
    /// Reads `proxies.json`. The path is where an unreadable one was put aside.
    pub fn open(data_dir: &Path, keychain: Keychain) -> Answer<(Self, Option<PathBuf>)> {
        let file = StoredFile::new(data_dir, "proxies.json", "own");
        let (stored, set_aside) = match file.read()? {
            Found::Nothing => (Stored::default(), None),
            Found::SetAside(path) => (Stored::default(), Some(path)),
            Found::Content(map) => match serde_json::from_value(map.into()) {
                Ok(stored) => (stored, None),
                Err(_) => (Stored::default(), Some(file.set_aside()?)),
            },
        };
        let state = State {
            entries: stored.proxies,
            ..State::default()
        };
        let own = Self {
            file,
            keychain,
            state: Arc::new(Mutex::new(state)),
        };
        Ok((own, set_aside))
    }

    pub async fn list(&self) -> Vec<OwnProxyView> {
        let state = self.state.lock().await;
        state.entries.iter().map(|entry| self.view(entry)).collect()
    }

    /// Keeps a proxy in the place of its country's former one.
    pub async fn save(&self, form: &OwnProxyForm) -> Answer<()> {
        let typed = self.read(form).await?;
        let mut state = self.state.lock().await;
        let name = secret_name(&typed.country);
        let has_password = !typed.password.is_empty();
        let in_keychain = has_password && form.keep == KeepKey::Keychain;
        if in_keychain {
            self.keychain.put_secret(&name, &typed.password).await?;
        } else {
            let before = state.entries.iter().find(|it| it.country == typed.country);
            if before.is_some_and(|before| before.in_keychain) {
                self.keychain.remove(&name).await?;
            }
            self.keychain.forget_session(&name);
            if has_password {
                self.keychain.hold_secret(&name, &typed.password);
            }
        }
        let entry = Entry {
            country: typed.country,
            address: typed.address,
            user: typed.user,
            has_password,
            in_keychain,
        };
        let mut entries = state.entries.clone();
        entries.retain(|it| it.country != entry.country);
        entries.push(entry);
        self.replace(&mut state, entries).await
    }

    /// Forgets a proxy and its password; [`OwnProxies::restore`] brings it back.
    pub async fn remove(&self, country: &str) -> Answer<()> {
        let mut state = self.state.lock().await;
        let Some(entry) = state.entries.iter().find(|it| it.country == country) else {
            return Ok(());
        };
        let (entry, name) = (entry.clone(), secret_name(country));
        let password = self.password(&entry).await.unwrap_or_default();
        if entry.in_keychain {
            self.keychain.remove(&name).await?;
        }
        self.keychain.forget_session(&name);
        let mut entries = state.entries.clone();
        entries.retain(|it| it.country != country);
        self.replace(&mut state, entries).await?;
        state.removed = Some((entry, password));
        Ok(())
    }

    /// Brings back what was removed last.
    pub async fn restore(&self) -> Answer<()> {
        let mut state = self.state.lock().await;
        let Some((entry, password)) = state.removed.take() else {
            return Err(AppError::new(
                ErrorCode::NotFound,
                "This proxy can't be brought back any more. Enter it again.",
            ));
        };
        let name = secret_name(&entry.country);
        if entry.in_keychain {
            self.keychain.put_secret(&name, &password).await?;
        } else if entry.has_password {
            self.keychain.hold_secret(&name, &password);
        }
        let mut entries = state.entries.clone();
        entries.retain(|it| it.country != entry.country);
        entries.push(entry);
        self.replace(&mut state, entries).await
    }

    /// As the engine wants them. One whose password is not at hand is left out.
    pub async fn for_engine(&self) -> Vec<CountryProxy> {
        let mut state = self.state.lock().await;
        if let Some(given) = &state.given {
            return given.clone();
        }
        let (mut proxies, mut whole) = (Vec::new(), true);
        for entry in &state.entries {
            match self.password(entry).await {
                Some(password) => proxies.push(entered(
                    &entry.country,
                    &entry.address,
                    &entry.user,
                    &password,
                )),
                None => whole = false,
            }
        }
        // A keychain that is locked now may be open later.
        state.given = whole.then(|| proxies.clone());
        proxies
    }

    /// A typed proxy as the engine wants it, with the password that is kept when none is typed.
    pub(super) async fn typed(&self, form: &OwnProxyForm) -> Answer<CountryProxy> {
        let typed = self.read(form).await?;
        Ok(entered(
            &typed.country,
            &typed.address,
            &typed.user,
            &typed.password,
        ))
    }

    async fn read(&self, form: &OwnProxyForm) -> Answer<ReadProxy> {
        let mut typed = read(form)?;
        let state = self.state.lock().await;
        let kept = state.entries.iter().find(|it| {
            it.country == typed.country && it.address == typed.address && it.user == typed.user
        });
        if let Some(kept) = kept
            && typed.password.is_empty()
            && let Some(password) = self.password(kept).await
        {
            typed.password = password;
        }
        Ok(typed)
    }

    async fn replace(&self, state: &mut State, mut entries: Vec<Entry>) -> Answer<()> {
        entries.sort_by(|one, other| one.country.cmp(&other.country));
        let stored = Stored { proxies: entries };
        self.file.write(&stored).await?;
        state.entries = stored.proxies;
        state.given = None;
        Ok(())
    }

    /// Empty when it has none; none when it is not at hand.
    async fn password(&self, entry: &Entry) -> Option<Zeroizing<String>> {
        if !entry.has_password {
            return Some(Zeroizing::default());
        }
        match self.keychain.get_secret(&secret_name(&entry.country)).await {
            Ok(password) => password,
            Err(error) => {
                tracing::warn!(country = entry.country, %error, "the password of a proxy was not read");
                None
            }
        }
    }

    fn view(&self, entry: &Entry) -> OwnProxyView {
        let held = self.keychain.holds(&secret_name(&entry.country));
        OwnProxyView {
            country: entry.country.clone(),
            address: entry.address.clone(),
            user: entry.user.clone(),
            has_password: entry.has_password,
            in_keychain: entry.in_keychain,
            password_missing: entry.has_password && !entry.in_keychain && !held,
        }
    }
}

fn secret_name(country: &str) -> String {
    format!("proxy-{country}")
}

fn entered(country: &str, address: &str, user: &str, password: &str) -> CountryProxy {
    let url = match address.split_once("://") {
        Some((scheme, host)) if !user.is_empty() => format!(
            "{scheme}://{}:{}@{host}",
            utf8_percent_encode(user, NON_ALPHANUMERIC),
            utf8_percent_encode(password, NON_ALPHANUMERIC)
        ),
        Some(_) | None => address.to_owned(),
    };
    CountryProxy {
        country: country.to_owned(),
        url,
    }
}
