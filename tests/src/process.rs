//! Child processes that end with the test, whatever its outcome.

use std::process::{Child, Command};

/// Ends its process when dropped.
pub struct Process(Child);

impl Process {
    pub fn spawn(command: &mut Command) -> Self {
        let child = command.spawn();
        Self(child.unwrap_or_else(|error| panic!("{command:?} did not start: {error}")))
    }

    pub fn child(&mut self) -> &mut Child {
        &mut self.0
    }

    /// Asks the process to end and waits for it.
    pub fn terminate(&mut self) {
        let pid = self.0.id().to_string();
        Command::new("kill").arg(pid).status().ok();
        self.0.wait().ok();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        if matches!(self.0.try_wait(), Ok(None)) {
            self.terminate();
        }
    }
}
