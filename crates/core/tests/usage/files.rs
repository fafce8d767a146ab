//! Charts as files: tables read back, pictures looked at.

use image::GenericImageView as _;
use scrapingpros_core::settings::{CsvStyle, Settings};
use scrapingpros_core::usage::{ChartPicture, ChartTable};
use tempfile::TempDir;

fn table() -> ChartTable {
    ChartTable {
        title: "By website: CON/../x".into(),
        columns: vec!["Website".into(), "Credits".into()],
        rows: vec![
            vec!["=cmd|' /C calc'!A0".into(), "1234.5".into()],
            vec!["a,\"b\"\nc".into(), "-7".into()],
        ],
    }
}

fn picture(svg: &str) -> ChartPicture {
    ChartPicture {
        title: "Credits per day 2026-10".into(),
        svg: svg.into(),
    }
}

#[tokio::test]
async fn a_table_is_a_csv_that_no_spreadsheet_runs() {
    let folder = TempDir::new().unwrap();
    let name = table().save_name(&Settings::default());
    assert!(
        !name.file_name.contains(['/', '\\', ':']),
        "{}",
        name.file_name
    );
    let path = folder.path().join(&name.file_name);
    let saved = table().save(path.clone(), CsvStyle::Comma).await.unwrap();
    assert_eq!(saved.path, path.to_string_lossy());
    let text = std::fs::read_to_string(&path).unwrap();
    assert_eq!(
        text,
        "\u{feff}Website,Credits\r\n'=cmd|' /C calc'!A0,1234.5\r\n\"a,\"\"b\"\"\nc\",-7\r\n"
    );
    let nowhere = folder.path().join("gone/x.csv");
    table().save(nowhere, CsvStyle::Comma).await.unwrap_err();
    assert_eq!(
        std::fs::read_dir(folder.path()).unwrap().count(),
        1,
        "nothing is left over"
    );
}

#[tokio::test]
async fn a_chart_is_a_sharp_picture_of_all_that_was_drawn() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("chart.png");
    let svg = r##"<svg xmlns="http://www.w3.org/2000/svg" width="120" height="60">
        <rect width="120" height="60" fill="#ffffff"/><rect x="10" y="10" width="20" height="40" fill="#2a5cda"/>
        <text x="50" y="40" font-size="24" fill="#000000" font-family="system-ui, sans-serif">Mmm</text></svg>"##;
    picture(svg).save(path.clone()).await.unwrap();
    let drawn = image::open(&path).unwrap();
    assert_eq!(drawn.dimensions(), (240, 120), "twice as fine");
    assert_eq!(
        drawn.get_pixel(40, 60).0,
        [0x2a, 0x5c, 0xda, 0xff],
        "the bar"
    );
    let dark = drawn.view(100, 20, 140, 80);
    let written = dark
        .pixels()
        .filter(|(_, _, pixel)| pixel.0[0] < 64)
        .count();
    assert!(written > 100, "the words are there: {written} dark points");
}

#[tokio::test]
async fn a_drawing_reaches_for_nothing_and_can_not_be_endless() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("chart.png");
    let secret = folder.path().join("secret.svg");
    let red = r##"<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9" fill="#ff0000"/></svg>"##;
    std::fs::write(&secret, red).unwrap();
    let svg = format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20"><rect width="20" height="20" fill="#ffffff"/>
        <image href="{}" width="20" height="20"/></svg>"##,
        secret.display()
    );
    picture(&svg).save(path.clone()).await.unwrap();
    let drawn = image::open(&path).unwrap();
    assert_eq!(drawn.get_pixel(20, 20).0, [255; 4], "no file is read");
    std::fs::remove_file(&path).unwrap();
    let huge = r#"<svg xmlns="http://www.w3.org/2000/svg" width="9000" height="9"/>"#;
    for odd in ["", "<svg", "not a drawing", huge] {
        picture(odd).save(path.clone()).await.unwrap_err();
        assert!(!path.exists(), "{odd}");
    }
}
