//! The only place that touches the system's keychain. The store is injected, so tests use a mock.

/// Where keys are kept.
pub struct Keychain;
