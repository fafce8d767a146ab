//! Numbers as pages write them.

use scrapingpros_core::results::number::{look_like_numbers, read};

#[test]
fn amounts_of_every_country_are_read() {
    for (text, value) in [
        ("899", 899.0),
        ("€899.00", 899.0),
        ("€1.299,00", 1299.0),
        ("US$ 1,299.50", 1299.5),
        ("1 299,50 kr", 1299.5),
        ("R$ 1.299", 1299.0),
        ("1'299.00 CHF", 1299.0),
        ("-4.5 %", -4.5),
        ("−7", -7.0),
        ("+3", 3.0),
        ("1,234,567", 1_234_567.0),
        ("1.234.567,8", 1_234_567.8),
        ("0.125", 0.125),
        ("4.567", 4.567),
        ("€4.567", 4567.0),
        ("12,5", 12.5),
        ("1,250", 1250.0),
        ("0,125", 0.125),
        (".5", 0.5),
        ("USD 12", 12.0),
    ] {
        assert_eq!(read(text), Some(value), "{text}");
    }
    for text in [
        "",
        "€",
        "★ 4.9 (41)",
        "4.9/5",
        "2 people",
        "1-2",
        "12:30",
        "2026-11-24",
        "1.2.3,4,5",
        "--1",
        "A4",
        "tent",
    ] {
        assert_eq!(read(text), None, "{text}");
    }
}

#[test]
fn one_word_makes_a_column_text() {
    let column = |texts: &[&str]| {
        texts
            .iter()
            .map(|text| (!text.is_empty()).then(|| (*text).to_owned()))
            .collect::<Vec<_>>()
    };
    assert_eq!(
        look_like_numbers(&column(&["€9", "", "€10"])),
        Some(vec![9.0, 0.0, 10.0])
    );
    assert_eq!(look_like_numbers(&column(&["€9", "sold out"])), None);
}
