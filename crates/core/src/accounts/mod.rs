//! Who the app works as: the engine on this computer, and any number of cloud accounts.

mod view;

pub use view::*;

use crate::Answer;

pub struct Accounts;

impl Accounts {
    pub async fn list(&self) -> Answer<Vec<AccountView>> {
        todo!()
    }
    /// Asks the service about a key; stores nothing and spends nothing.
    pub async fn check(&self, _form: AccountForm) -> Answer<AccountCheck> {
        todo!()
    }
    /// Checks, stores the key, makes the account active.
    pub async fn add(&self, _form: AccountForm) -> Answer<Vec<AccountView>> {
        todo!()
    }
    pub async fn add_demo(&self) -> Answer<Vec<AccountView>> {
        todo!()
    }
    pub async fn select(&self, _id: String) -> Answer<Vec<AccountView>> {
        todo!()
    }
    pub async fn rename(&self, _id: String, _name: String) -> Answer<Vec<AccountView>> {
        todo!()
    }
    /// Checks and stores a new key for an account; name and server of the form are ignored.
    pub async fn replace_key(&self, _id: String, _form: AccountForm) -> Answer<Vec<AccountView>> {
        todo!()
    }
    /// Removes the account and its key.
    pub async fn forget(&self, _id: String) -> Answer<Vec<AccountView>> {
        todo!()
    }
    /// Tries the stored key again and refreshes the credits; spends nothing.
    pub async fn test(&self, _id: String) -> Answer<Vec<AccountView>> {
        todo!()
    }
    pub async fn health(&self, _id: String) -> Answer<HealthView> {
        todo!()
    }
}
