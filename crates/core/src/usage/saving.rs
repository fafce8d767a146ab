//! Charts as files: their tables as CSV, their drawings as pictures.

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::fontdb::{Database as Fonts, Family, Query};
use resvg::usvg::{ImageHrefResolver, Options, Tree};

use super::{ChartPicture, ChartTable};
use crate::library::write_whole;
use crate::library::{LibraryError, SaveName, free_path, safe_stem, save_folder, with_extension};
use crate::results::SavedView;
use crate::results::export::{csv_writer, guarded};
use crate::settings::{CsvStyle, Settings};
use crate::{Answer, AppError, ErrorCode};

/// For screens of today, and for print.
const SCALE: f32 = 2.0;
const LARGEST_SVG: usize = 4 << 20;
const LONGEST_SIDE: f32 = 4_000.0;
const MOST_CELLS: usize = 200_000;
/// What the systems write their own windows with, the first that is there.
const FAMILIES: [&str; 8] = [
    "Inter",
    "Segoe UI",
    "Helvetica Neue",
    "Ubuntu",
    "Cantarell",
    "Noto Sans",
    "DejaVu Sans",
    "Arial",
];

impl ChartTable {
    pub fn save_name(&self, settings: &Settings) -> SaveName {
        named(&self.title, "csv", "CSV table", settings)
    }

    /// Without a dialog.
    pub async fn usual_path(&self, settings: &Settings) -> Answer<PathBuf> {
        let name = self.save_name(settings);
        away(move || Ok(free_path(&name))).await
    }

    /// Whole or not at all.
    pub async fn save(self, path: PathBuf, style: CsvStyle) -> Answer<SavedView> {
        if self.rows.iter().map(Vec::len).sum::<usize>() > MOST_CELLS {
            return Err(too_large());
        }
        away(move || write_table(&self, &path, style)).await
    }
}

impl ChartPicture {
    pub fn save_name(&self, settings: &Settings) -> SaveName {
        named(&self.title, "png", "PNG picture", settings)
    }

    /// Without a dialog.
    pub async fn usual_path(&self, settings: &Settings) -> Answer<PathBuf> {
        let name = self.save_name(settings);
        away(move || Ok(free_path(&name))).await
    }

    /// Whole or not at all.
    pub async fn save(self, path: PathBuf) -> Answer<SavedView> {
        if self.svg.len() > LARGEST_SVG {
            return Err(too_large());
        }
        let png = tokio::task::spawn_blocking(move || draw(&self.svg)).await;
        let png = png.map_err(LibraryError::from)??;
        away(move || write_whole(&path, |target| Ok(target.write_all(&png)?))).await
    }
}

fn write_table(
    table: &ChartTable,
    path: &Path,
    style: CsvStyle,
) -> Result<SavedView, LibraryError> {
    write_whole(path, |target| {
        let mut writer = csv_writer(style, target)?;
        let mut line = |cells: &[String]| {
            let cells = cells.iter().map(|cell| guarded(cell.clone()));
            writer.write_record(cells).map_err(std::io::Error::from)
        };
        line(&table.columns)?;
        for row in &table.rows {
            line(row)?;
        }
        Ok(writer.flush()?)
    })
}

/// Nothing is loaded from anywhere: pictures inside the drawing are left out.
fn draw(svg: &str) -> Answer<Vec<u8>> {
    let unreadable = |error: &dyn ToString| {
        AppError::new(ErrorCode::Unexpected, "The chart could not be drawn.")
            .with_details(error.to_string())
    };
    let (fonts, family) = fonts();
    let options = Options {
        font_family: family.clone(),
        fontdb: Arc::clone(fonts),
        image_href_resolver: ImageHrefResolver {
            resolve_data: Box::new(|_, _, _| None),
            resolve_string: Box::new(|_, _| None),
        },
        ..Options::default()
    };
    let tree = Tree::from_str(svg, &options).map_err(|error| unreadable(&error))?;
    let size = tree.size();
    if size.width().max(size.height()) > LONGEST_SIDE {
        return Err(too_large());
    }
    let side = |length: f32| (length * SCALE).ceil() as u32;
    let mut picture = Pixmap::new(side(size.width()), side(size.height()))
        .ok_or_else(|| unreadable(&"no size"))?;
    resvg::render(
        &tree,
        Transform::from_scale(SCALE, SCALE),
        &mut picture.as_mut(),
    );
    picture.encode_png().map_err(|error| unreadable(&error))
}

/// Read once: a system may have thousands.
fn fonts() -> &'static (Arc<Fonts>, String) {
    static FONTS: OnceLock<(Arc<Fonts>, String)> = OnceLock::new();
    FONTS.get_or_init(|| {
        let mut fonts = Fonts::new();
        fonts.load_system_fonts();
        let there = |name: &&str| {
            let families = [Family::Name(name)];
            let query = Query {
                families: &families,
                ..Query::default()
            };
            fonts.query(&query).is_some()
        };
        let first = || {
            fonts
                .faces()
                .next()?
                .families
                .first()
                .map(|(name, _)| name.clone())
        };
        let family = FAMILIES
            .iter()
            .find(|name| there(name))
            .map(|name| (*name).to_owned())
            .or_else(first)
            .unwrap_or_default();
        fonts.set_sans_serif_family(family.clone());
        (Arc::new(fonts), family)
    })
}

fn named(title: &str, extension: &str, kind: &str, settings: &Settings) -> SaveName {
    SaveName {
        folder: save_folder(settings),
        file_name: with_extension(&safe_stem(title), extension),
        filter_name: kind.to_owned(),
        extension: extension.to_owned(),
    }
}

fn too_large() -> AppError {
    AppError::new(ErrorCode::Unexpected, "This is too large to be saved.")
}

async fn away<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, LibraryError> + Send + 'static,
) -> Answer<T> {
    let done = tokio::task::spawn_blocking(work).await;
    Ok(done.map_err(LibraryError::from)??)
}
