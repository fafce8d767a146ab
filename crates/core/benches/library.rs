//! Searching 100,000 results as one types, opening the screen on them, and the memory that takes, next to 100:
//! `cargo bench -p scrapingpros-core --bench library`, with the numbers of results as arguments. Each size is
//! opened by a process of its own, so that its memory is its alone.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)]

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use scrapingpros_core::library::{Library, LibraryKind, LibraryQuery, LibrarySort};

/// Different words of all pages together, and words of one page.
const VOCABULARY: usize = 40_000;
const PAGE: usize = 300;
const PACK: usize = 12;
const FIRST: u32 = 1_780_000_000;

fn main() {
    let arguments: Vec<String> = std::env::args()
        .skip(1)
        .filter(|one| one != "--bench")
        .collect();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    if let [child, folder] = arguments.as_slice()
        && child == "child"
    {
        return runtime.block_on(measure(Path::new(folder)));
    }
    let sizes: Vec<u32> = arguments
        .iter()
        .filter_map(|one| one.parse().ok())
        .collect();
    let sizes = if sizes.is_empty() {
        vec![100, 100_000]
    } else {
        sizes
    };
    for size in sizes {
        let folder = tempfile::tempdir().unwrap();
        runtime.block_on(make(folder.path(), size));
        let output = Command::new(std::env::current_exe().unwrap())
            .arg("child")
            .arg(folder.path())
            .output()
            .unwrap();
        print!(
            "{size} results: {}",
            String::from_utf8_lossy(&output.stdout)
        );
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
}

/// Numbers that are the same each time.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 16) as usize
    }

    /// Some words are on most pages, most words on few.
    fn word(&mut self) -> usize {
        let share = (self.next() % 1_000_000) as f64 / 1_000_000.0;
        ((VOCABULARY as f64).powf(share) - 1.0) as usize
    }
}

fn word(number: usize) -> String {
    const SYLLABLES: [&str; 20] = [
        "ka", "lo", "mi", "ter", "ra", "sun", "de", "pol", "vi", "gra", "na", "chi", "bo", "est",
        "un", "sel", "to", "fre", "ja", "wen",
    ];
    let mut rest = number + 1;
    let mut word = String::new();
    while rest > 0 {
        word.push_str(SYLLABLES[rest % SYLLABLES.len()]);
        rest /= SYLLABLES.len();
    }
    word
}

/// As runs leave them: answers in packs, words still to be read.
async fn make(folder: &Path, size: u32) {
    let library = Library::open(folder).await.unwrap();
    let begin = Instant::now();
    let insert = library.database().call(move |connection| {
        let mut numbers = Numbers(88_172_645_463_325_252);
        let transaction = connection.transaction()?;
        let mut result = 0;
        while result < size {
            let mut pack = Vec::new();
            let mut places = Vec::new();
            while places.len() < PACK && result + (places.len() as u32) < size {
                let start = pack.len();
                pack.extend_from_slice(&0_u32.to_le_bytes());
                pack.extend_from_slice(answer(&mut numbers).as_bytes());
                places.push((start, pack.len() - start));
            }
            transaction
                .prepare_cached("INSERT INTO packs (size, refs, data) VALUES (?1, ?2, ?3)")?
                .execute((pack.len() as i64, places.len() as i64, zstd::encode_all(&pack[..], 1).unwrap()))?;
            let number = transaction.last_insert_rowid();
            for (start, length) in places {
                result += 1;
                transaction
                    .prepare_cached(
                        "INSERT INTO results (id, address, site, title, verdict, browser, account_id, account_name,
                            local, credits, duration_ms, created_at, form, request, answer, pack, pack_start,
                            pack_size, has_picture, kinds)
                         VALUES (?1, ?2, ?3, ?4, 'success', 0, 'a', 'Acme', 0, 1, 900, ?5, '', '', '', ?6, ?7, ?8, 0, 9)",
                    )?
                    .execute((
                        format!("{result:08x}-0000-4000-8000-000000000000"),
                        format!("https://shop{}.example/item/{result}", result % 90),
                        format!("shop{}.example", result % 90),
                        format!("{} {} {result}", word(numbers.word()), word(numbers.word())),
                        FIRST + result,
                        number,
                        start as i64,
                        length as i64,
                    ))?;
            }
        }
        transaction.commit()
    });
    insert.await.unwrap();
    let inserted = begin.elapsed();
    library.all_read().await.unwrap();
    println!(
        "made {size} in {inserted:.1?}, read their words in {:.1?}",
        begin.elapsed() - inserted
    );
    library.close().await;
}

fn answer(numbers: &mut Numbers) -> String {
    let mut html = String::from("<html><body><p class='x'>");
    for _ in 0..PAGE {
        write!(html, "{} ", word(numbers.word())).unwrap();
    }
    let price = numbers.next() % 10_000;
    format!(
        r#"{{"html":"{html}</p></body></html>","statusCode":200,"extracted_data":{{"price":["€{price}"]}}}}"#
    )
}

fn query(find: &str) -> LibraryQuery {
    LibraryQuery {
        find: find.into(),
        kind: LibraryKind::All,
        account_id: String::new(),
        site: String::new(),
        collection_id: String::new(),
        verdict: None,
        tag: String::new(),
        since: 0,
        before: 0,
        sort: LibrarySort::Newest,
        until: 0,
        offset: 0,
        limit: 100,
    }
}

async fn measure(folder: &Path) {
    let begin = Instant::now();
    let library = Library::open(folder).await.unwrap();
    let opened = begin.elapsed();
    let first = library.page(query("")).await.unwrap();
    library.filters().await.unwrap();
    let shown = begin.elapsed() - opened;
    let mut numbers = Numbers(362_436_069);
    let mut times = Vec::new();
    let mut hits = 0;
    for _ in 0..40 {
        let mut typed = word(numbers.word());
        if numbers.next().is_multiple_of(3) {
            typed = format!("{typed} {}", word(numbers.word()));
        }
        for end in 1..=typed.len() {
            let begin = Instant::now();
            let page = library.page(query(&typed[..end])).await.unwrap();
            times.push(begin.elapsed());
            hits += page.found;
        }
    }
    let middle = LibraryQuery {
        offset: first.found / 2,
        ..query("ka")
    };
    let begin = Instant::now();
    library.page(middle).await.unwrap();
    let jumped = begin.elapsed();
    let sort = LibraryQuery {
        sort: LibrarySort::Title,
        ..query("")
    };
    let begin = Instant::now();
    library.page(sort).await.unwrap();
    let sorted = begin.elapsed();
    times.sort_unstable();
    let at = |percent: usize| -> Duration { times[(times.len() - 1) * percent / 100] };
    println!(
        "opened in {opened:.1?}, listed with filters in {shown:.1?}; {} searches while typing ({hits} hits): \
         p50 {:.1?}, p95 {:.1?}, most {:.1?}; a jump {jumped:.1?}, by title {sorted:.1?}; memory at most {} MB",
        times.len(),
        at(50),
        at(95),
        at(100),
        peak_memory_kb() / 1024
    );
    library.close().await;
}

/// Linux says it; elsewhere 0.
fn peak_memory_kb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|rest| rest.trim().trim_end_matches(" kB").parse().ok())
        .unwrap_or_default()
}
