//! Pictures that came from a page: what they claim to be is checked, and decoding is bounded.

use std::io::Cursor;

use image::codecs::png::PngEncoder;
use image::{DynamicImage, ImageReader, Limits};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";
const THUMBNAIL_WIDTH: u32 = 400;
const THUMBNAIL_HEIGHT: u32 = 300;
/// Pixels of memory for one decode; a full page of 1,920 × 30,000 needs 230 MB.
const MEMORY: u64 = 512 << 20;
const LONGEST_SIDE: u32 = 65_500;

/// Width and height as the file says them; `None` when it is not a PNG.
pub fn png_size(bytes: &[u8]) -> Option<(u32, u32)> {
    let header = bytes.strip_prefix(PNG)?.strip_prefix(&[0, 0, 0, 13])?;
    let numbers = header.strip_prefix(b"IHDR")?;
    let number = |from: usize| {
        Some(u32::from_be_bytes(
            numbers.get(from..from + 4)?.try_into().ok()?,
        ))
    };
    let (width, height) = (number(0)?, number(4)?);
    (width > 0 && height > 0).then_some((width, height))
}

/// Kinds that every webview draws and none can run.
pub fn is_plain_picture(content_type: &str) -> bool {
    matches!(
        content_type,
        "image/png"
            | "image/jpeg"
            | "image/gif"
            | "image/webp"
            | "image/avif"
            | "image/bmp"
            | "image/vnd.microsoft.icon"
    )
}

/// Pixel size of a PNG or JPEG; 0 × 0 for anything else.
pub fn picture_size(bytes: &[u8]) -> (u32, u32) {
    let reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format();
    reader
        .ok()
        .and_then(|reader| reader.into_dimensions().ok())
        .unwrap_or_default()
}

/// A small PNG of the top of a PNG or JPEG; `None` when it is neither, broken, or a decompression bomb.
pub fn thumbnail(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut reader = ImageReader::new(Cursor::new(bytes))
        .with_guessed_format()
        .ok()?;
    let mut limits = Limits::default();
    limits.max_alloc = Some(MEMORY);
    limits.max_image_width = Some(LONGEST_SIDE);
    limits.max_image_height = Some(LONGEST_SIDE);
    reader.limits(limits);
    let small = shrink(&reader.decode().ok()?);
    let mut png = Vec::new();
    small.write_with_encoder(PngEncoder::new(&mut png)).ok()?;
    Some(png)
}

fn shrink(picture: &DynamicImage) -> DynamicImage {
    let width = picture.width();
    let shown = picture
        .height()
        .min((width.saturating_mul(THUMBNAIL_HEIGHT) / THUMBNAIL_WIDTH).max(1));
    let top = picture.crop_imm(0, 0, width, shown);
    if width <= THUMBNAIL_WIDTH {
        return top;
    }
    top.thumbnail(THUMBNAIL_WIDTH, THUMBNAIL_HEIGHT)
}
