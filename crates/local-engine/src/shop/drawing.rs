//! Pictures of products, drawn as flat SVG from a form and one colour.

use super::forms::{self, Form};
use super::goods::Product;
use super::layout::escape;

/// The four walls the products stand in front of, and the table tops that go with them.
const ROOMS: [(&str, &str, &str); 4] = [
    ("#f3e9dc", "#e6d5c0", "#faf3e9"),
    ("#e9ede6", "#d6dccf", "#f4f6f1"),
    ("#f4e6de", "#e8d1c4", "#fbf2ec"),
    ("#e8ecee", "#d4dadd", "#f4f6f7"),
];

/// One colour in the lights and shadows a form is drawn with.
pub struct Shades {
    pub main: String,
    pub light: String,
    pub pale: String,
    pub dark: String,
    pub deep: String,
}

impl Shades {
    pub fn of(colour: u32) -> Self {
        const WHITE: u32 = 0x00ff_ffff;
        const BLACK: u32 = 0;
        Self {
            main: mix(colour, colour, 0),
            light: mix(colour, WHITE, 24),
            pale: mix(colour, WHITE, 52),
            dark: mix(colour, BLACK, 22),
            deep: mix(colour, BLACK, 46),
        }
    }
}

/// The picture to stand inside a page.
pub fn inline(product: &Product) -> String {
    format!(
        r#"<svg class="picture" viewBox="0 0 240 180" role="img" aria-label="{}">{}</svg>"#,
        escape(product.name),
        scene(product)
    )
}

/// The picture as a file of its own.
pub fn file(product: &Product) -> String {
    format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 240 180" width="960" height="720" role="img"><title>{}</title>{}</svg>"#,
        escape(product.name),
        scene(product)
    )
}

/// The form alone, standing on y = 152 of a 240 by 180 field.
pub fn form(form: Form, colour: u32) -> String {
    forms::draw(form, &Shades::of(colour))
}

fn scene(product: &Product) -> String {
    let place = super::goods::GOODS
        .iter()
        .position(|other| other.slug == product.slug)
        .unwrap_or_default();
    // Two shifts a row: neighbours differ both along a row of four and down a column.
    let (wall, table, glow) = ROOMS[(place + place / 4) % ROOMS.len()];
    let shadow = if product.form.hangs() {
        ""
    } else {
        r##"<ellipse cx="120" cy="153" rx="78" ry="7" fill="#3a2a20" opacity=".13"/>"##
    };
    let ground = if product.form.hangs() {
        String::new()
    } else {
        format!(r#"<path d="M0 136h240v44H0Z" fill="{table}"/>"#)
    };
    format!(
        r#"<path d="M0 0h240v180H0Z" fill="{wall}"/><circle cx="120" cy="88" r="74" fill="{glow}"/>{ground}{shadow}{}"#,
        form(product.form, product.colour)
    )
}

fn mix(colour: u32, toward: u32, percent: u32) -> String {
    let channel = |shift: u32| {
        let from = (colour >> shift) & 0xff;
        let to = (toward >> shift) & 0xff;
        (from * (100 - percent) + to * percent) / 100
    };
    format!("#{:02x}{:02x}{:02x}", channel(16), channel(8), channel(0))
}
