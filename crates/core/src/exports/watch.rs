//! How far an export is, and whether it is still wanted.

use std::cell::Cell;
use std::fs::File;
use std::io::{self, BufWriter, Seek, SeekFrom, Write};
use std::time::{Duration, Instant};

use tokio_util::sync::CancellationToken;

use super::ExportProgress;
use crate::library::narrow;

const TELL: Duration = Duration::from_millis(100);

/// Told of the progress.
pub type Tell = dyn Fn(ExportProgress) + Send + Sync;

/// One export's progress. Its pages are gone through several times: to read them, and to write each table.
pub struct Watch<'a> {
    stop: &'a CancellationToken,
    tell: &'a Tell,
    pages: u32,
    passes: u32,
    steps: Cell<u64>,
    bytes: Cell<u64>,
    told: Cell<Option<Instant>>,
}

impl<'a> Watch<'a> {
    pub fn new(stop: &'a CancellationToken, tell: &'a Tell, pages: u32, passes: u32) -> Self {
        Self {
            stop,
            tell,
            pages,
            passes: passes.max(1),
            steps: Cell::new(0),
            bytes: Cell::new(0),
            told: Cell::new(None),
        }
    }

    /// A page is through one pass. Fails when the person has cancelled.
    pub fn step(&self) -> io::Result<()> {
        self.steps.set(self.steps.get() + 1);
        let due = self.told.get().is_none_or(|told| told.elapsed() >= TELL);
        if due {
            self.tell();
        }
        self.wanted()
    }

    /// The last word, whenever the one before was.
    pub fn end(&self) {
        self.tell();
    }

    pub fn bytes(&self) -> u64 {
        self.bytes.get()
    }

    fn wrote(&self, bytes: usize) {
        self.bytes.set(self.bytes.get() + bytes as u64);
    }

    fn wanted(&self) -> io::Result<()> {
        if self.stop.is_cancelled() {
            return Err(io::Error::other("cancelled by the person"));
        }
        Ok(())
    }

    fn tell(&self) {
        self.told.set(Some(Instant::now()));
        (self.tell)(ExportProgress {
            done: narrow(self.steps.get() / u64::from(self.passes)).min(self.pages),
            total: self.pages,
            bytes: narrow(self.bytes.get()),
        });
    }
}

/// A file being written: counted, and given up at once when the export is cancelled.
pub struct Sink<'a> {
    file: BufWriter<&'a mut File>,
    watch: &'a Watch<'a>,
}

impl<'a> Sink<'a> {
    pub fn new(file: &'a mut File, watch: &'a Watch<'a>) -> Self {
        Self {
            file: BufWriter::with_capacity(64 << 10, file),
            watch,
        }
    }
}

impl Write for Sink<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.watch.wanted()?;
        let written = self.file.write(bytes)?;
        self.watch.wrote(written);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Seek for Sink<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.file.seek(to)
    }
}
