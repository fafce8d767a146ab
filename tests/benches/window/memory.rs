//! Memory of a program with all its children, as the kernel shares it out (PSS).

use std::collections::HashMap;
use std::fs;

/// Bytes of `root` and everything below it.
pub fn of_tree(root: u32) -> u64 {
    let parents: HashMap<u32, u32> = fs::read_dir("/proc")
        .unwrap()
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
        .filter_map(|pid| Some((pid, parent_of(pid)?)))
        .collect();
    parents
        .keys()
        .filter(|&&pid| is_below(pid, root, &parents))
        .map(|&pid| of_process(pid))
        .sum()
}

fn is_below(mut pid: u32, root: u32, parents: &HashMap<u32, u32>) -> bool {
    while pid != root {
        match parents.get(&pid) {
            Some(&parent) => pid = parent,
            None => return false,
        }
    }
    true
}

fn parent_of(pid: u32) -> Option<u32> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The program's name stands in brackets and may hold anything.
    let (_, rest) = stat.rsplit_once(')')?;
    rest.split_whitespace().nth(1)?.parse().ok()
}

fn of_process(pid: u32) -> u64 {
    let rollup = fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).unwrap_or_default();
    let kilobytes: u64 = rollup
        .lines()
        .find_map(|line| line.strip_prefix("Pss:"))
        .and_then(|rest| rest.trim().trim_end_matches(" kB").parse().ok())
        .unwrap_or(0);
    kilobytes * 1024
}
