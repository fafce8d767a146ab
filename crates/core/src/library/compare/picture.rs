//! Two screenshots laid over each other: the later one, pale, with what differs in a strong colour.

use std::io::Cursor;

use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{ImageReader, Limits, Rgb, RgbImage};

use super::view::PictureComparison;
use crate::library::{LibraryError, narrow};

/// Pixels on each side of a place that is looked at as one.
const PLACE: u32 = 8;
/// Of 255: less is the noise of drawing the same letters twice.
const NOISE: u8 = 24;
const MARK: [u8; 3] = [214, 40, 70];
/// Bytes for one picture; two are in memory at a time.
const MEMORY: u64 = 384 << 20;
const TOO_LARGE: &str = "These screenshots are too large to be compared.";

pub struct Overlay {
    pub png: Vec<u8>,
    pub seen: PictureComparison,
}

/// Blocks for as long as decoding takes.
pub fn overlay(before: &[u8], after: &[u8]) -> Result<Overlay, LibraryError> {
    let before = decode(before)?;
    let mut after = decode(after)?;
    let (width, height) = (
        before.width().max(after.width()),
        before.height().max(after.height()),
    );
    if u64::from(width) * u64::from(height) * 3 > MEMORY {
        return Err(LibraryError::TooLarge(TOO_LARGE));
    }
    if (width, height) != after.dimensions() {
        let mut larger = RgbImage::from_pixel(width, height, Rgb([255, 255, 255]));
        image::imageops::replace(&mut larger, &after, 0, 0);
        after = larger;
    }
    let [across, down] = [width, height].map(|side| side.div_ceil(PLACE));
    let mut changed: u64 = 0;
    for row in 0..down {
        for column in 0..across {
            let differs = differs(&before, &after, column * PLACE, row * PLACE);
            changed += u64::from(differs);
            paint(&mut after, column * PLACE, row * PLACE, differs);
        }
    }
    drop(before);
    let places = u64::from(across) * u64::from(down);
    let thousandths = narrow(changed * 1000 / places.max(1));
    let mut png = Vec::new();
    let encoder = PngEncoder::new_with_quality(
        Cursor::new(&mut png),
        CompressionType::Fast,
        FilterType::Adaptive,
    );
    after.write_with_encoder(encoder).map_err(unreadable)?;
    Ok(Overlay {
        png,
        seen: PictureComparison {
            width,
            height,
            changed: thousandths.max(u32::from(changed > 0)),
        },
    })
}

fn decode(bytes: &[u8]) -> Result<RgbImage, LibraryError> {
    let mut reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format()?;
    let mut limits = Limits::default();
    limits.max_alloc = Some(MEMORY);
    reader.limits(limits);
    match reader.decode() {
        Ok(picture) => Ok(picture.into_rgb8()),
        Err(image::ImageError::Limits(_)) => Err(LibraryError::TooLarge(TOO_LARGE)),
        Err(error) => Err(unreadable(error)),
    }
}

fn unreadable(error: image::ImageError) -> LibraryError {
    LibraryError::Damaged(format!("a screenshot can't be read: {error}"))
}

/// What only one of them has differs.
fn differs(before: &RgbImage, after: &RgbImage, left: u32, top: u32) -> bool {
    let right = (left + PLACE).min(after.width());
    let bottom = (top + PLACE).min(after.height());
    (top..bottom).any(|y| {
        (left..right).any(|x| {
            let Some(old) = before.get_pixel_checked(x, y) else {
                return true;
            };
            let new = after.get_pixel(x, y);
            old.0
                .iter()
                .zip(new.0)
                .any(|(old, new)| old.abs_diff(new) > NOISE)
        })
    })
}

fn paint(picture: &mut RgbImage, left: u32, top: u32, marked: bool) {
    for y in top..(top + PLACE).min(picture.height()) {
        for x in left..(left + PLACE).min(picture.width()) {
            let pixel = picture.get_pixel_mut(x, y);
            for (own, mark) in pixel.0.iter_mut().zip(MARK) {
                let (own_share, other, share) = if marked { (1, mark, 1) } else { (1, 255, 2) };
                let sum = u16::from(*own) * own_share + u16::from(other) * share;
                *own = (sum / (own_share + share)) as u8;
            }
        }
    }
}
