//! Pictures are checked by their bytes, and bombs stay closed.

use std::time::{Duration, Instant};

use scrapingpros_core::results::picture::{png_size, thumbnail};

/// A PNG that says it is `width` × `height`, with data for nothing like it.
fn bomb(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n".to_vec();
    let mut header = b"IHDR".to_vec();
    header.extend(width.to_be_bytes());
    header.extend(height.to_be_bytes());
    header.extend([8, 2, 0, 0, 0]);
    bytes.extend(13_u32.to_be_bytes());
    bytes.extend(&header);
    bytes.extend(crc(&header).to_be_bytes());
    bytes.extend([0, 0, 0, 0]);
    bytes.extend(b"IDAT");
    bytes.extend(crc(b"IDAT").to_be_bytes());
    bytes
}

fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0_u32, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            (crc >> 1) ^ (0xedb8_8320 & (crc & 1).wrapping_neg())
        })
    })
}

#[test]
fn a_bomb_is_refused_at_once() {
    for (width, height) in [
        (65_535, 65_535),
        (4_000_000_000, 1),
        (30_000, 30_000),
        (u32::MAX, u32::MAX),
    ] {
        let started = Instant::now();
        assert_eq!(thumbnail(&bomb(width, height)), None, "{width} × {height}");
        assert!(
            started.elapsed() < Duration::from_secs(2),
            "{width} × {height} took {:?}",
            started.elapsed()
        );
    }
}

#[test]
fn sizes_come_from_the_header_alone() {
    assert_eq!(png_size(&bomb(1280, 2683)), Some((1280, 2683)));
    assert_eq!(png_size(&bomb(0, 5)), None);
    for other in [
        b"".as_slice(),
        b"\x89PNG\r\n\x1a\n",
        b"GIF89a",
        b"<html>",
        &bomb(1, 1)[..20],
    ] {
        assert_eq!(png_size(other), None);
    }
}

#[test]
fn a_thumbnail_shows_the_top() {
    let tall = image::RgbImage::from_fn(1280, 8_000, |_, y| {
        image::Rgb([if y < 960 { 200 } else { 0 }, 0, 0])
    });
    let mut bytes = std::io::Cursor::new(Vec::new());
    tall.write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    let small = image::load_from_memory(&thumbnail(&bytes.into_inner()).expect("it is a picture"))
        .unwrap()
        .to_rgb8();
    assert_eq!(small.dimensions(), (400, 300));
    assert!(
        small.pixels().all(|pixel| pixel[0] > 150),
        "only the first screenful is in it"
    );
    assert_eq!(thumbnail(b"not a picture"), None);
}
