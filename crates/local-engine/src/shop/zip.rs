//! A ZIP archive of files stored as they are.

const VERSION: u16 = 20;
/// Names are UTF-8.
const FLAGS: u16 = 1 << 11;
const STORED: u16 = 0;
/// 1 January 2025 at midnight, in the clock of the format.
const TIME: u16 = 0;
const DATE: u16 = (45 << 9) | (1 << 5) | 1;

/// Names and contents; both far below the four gigabytes where the format changes.
pub fn store(entries: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut archive = Vec::new();
    let mut directory = Vec::new();
    for (name, contents) in entries {
        let offset = archive.len() as u32;
        let header = header(name, contents);

        archive.extend(b"PK\x03\x04");
        archive.extend(&header);
        archive.extend(name.as_bytes());
        archive.extend(contents);

        directory.extend(b"PK\x01\x02");
        directory.extend(VERSION.to_le_bytes());
        directory.extend(&header);
        // Comment length, disk number and attributes: none.
        directory.extend([0; 10]);
        directory.extend(offset.to_le_bytes());
        directory.extend(name.as_bytes());
    }
    let start = archive.len() as u32;
    let count = entries.len() as u16;
    archive.extend(&directory);
    archive.extend(b"PK\x05\x06\0\0\0\0");
    archive.extend(count.to_le_bytes());
    archive.extend(count.to_le_bytes());
    archive.extend((directory.len() as u32).to_le_bytes());
    archive.extend(start.to_le_bytes());
    archive.extend([0; 2]);
    archive
}

/// What the entry's own header and its line in the directory have in common.
fn header(name: &str, contents: &[u8]) -> Vec<u8> {
    let size = (contents.len() as u32).to_le_bytes();
    let mut header = Vec::with_capacity(26);
    for field in [VERSION, FLAGS, STORED, TIME, DATE] {
        header.extend(field.to_le_bytes());
    }
    header.extend(checksum(contents).to_le_bytes());
    header.extend(size);
    header.extend(size);
    header.extend((name.len() as u16).to_le_bytes());
    header.extend([0; 2]);
    header
}

/// CRC-32 as ZIP wants it.
fn checksum(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |mut sum, byte| {
        sum ^= u32::from(*byte);
        for _ in 0..8 {
            sum = (sum >> 1) ^ (0xedb8_8320 & (sum & 1).wrapping_neg());
        }
        sum
    })
}
