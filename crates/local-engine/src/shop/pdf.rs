//! The price list as a one-page PDF.

use std::fmt::Write as _;

use super::goods::GOODS;

const BROWN: &str = "0.478 0.247 0.114";
const INK: &str = "0.227 0.165 0.125";
const GREY: &str = "0.420 0.337 0.275";
const COLUMNS: [(f32, &str); 5] = [
    (48.0, "Product"),
    (234.0, "Code"),
    (310.0, "Department"),
    (427.0, "Price"),
    (476.0, "Stock"),
];
const ROW: f32 = 25.0;

pub fn price_list() -> Vec<u8> {
    let drawing = drawing();
    let objects: [Vec<u8>; 6] = [
        b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_vec(),
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /Text 5 0 R /Bold 6 0 R /Serif 7 0 R >> >> >>".to_vec(),
        [
            format!("<< /Length {} >>\nstream\n", drawing.len()).into_bytes(),
            drawing,
            b"\nendstream".to_vec(),
        ]
        .concat(),
        font("Helvetica"),
        font("Helvetica-Bold"),
    ];
    let objects = objects.into_iter().chain([
        font("Times-Bold"),
        b"<< /Title (Kettle & Oak price list) /Author (Kettle & Oak) >>".to_vec(),
    ]);

    let mut file = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n".to_vec();
    let mut places = String::new();
    let mut count = 1;
    for object in objects {
        let _ = writeln!(places, "{:010} 00000 n ", file.len());
        file.extend(format!("{count} 0 obj\n").into_bytes());
        file.extend(object);
        file.extend(b"\nendobj\n");
        count += 1;
    }
    let table = file.len();
    file.extend(
        format!(
            "xref\n0 {count}\n0000000000 65535 f \n{places}trailer\n<< /Size {count} /Root 1 0 R /Info 8 0 R >>\nstartxref\n{table}\n%%EOF\n"
        )
        .into_bytes(),
    );
    file
}

fn font(name: &str) -> Vec<u8> {
    format!("<< /Type /Font /Subtype /Type1 /BaseFont /{name} /Encoding /WinAnsiEncoding >>")
        .into_bytes()
}

/// The page's drawing operators, in the encoding of its fonts.
fn drawing() -> Vec<u8> {
    let mut page = Drawing::default();
    page.fill("0.992 0.973 0.953", 0.0, 0.0, 595.0, 842.0);
    page.fill(BROWN, 0.0, 834.0, 595.0, 8.0);
    page.text("Serif", 27.0, BROWN, 48.0, 778.0, "Kettle & Oak");
    page.text(
        "Text",
        11.0,
        GREY,
        48.0,
        758.0,
        "Price list · 24 products · prices in pounds, VAT included",
    );

    page.fill(BROWN, 40.0, 716.0, 515.0, 26.0);
    for (left, title) in COLUMNS {
        page.text("Bold", 10.0, "1 1 1", left, 725.0, title);
    }
    let [name, code, department, _, stock] = COLUMNS.map(|(left, _)| left);
    let mut base = 716.0;
    for (row, product) in GOODS.iter().enumerate() {
        base -= ROW;
        let ground = if row % 2 == 0 {
            "1 1 1"
        } else {
            "0.980 0.949 0.914"
        };
        page.fill(ground, 40.0, base, 515.0, ROW);
        let line = base + 8.5;
        page.text("Bold", 10.0, INK, name, line, product.name);
        page.text("Text", 10.0, GREY, code, line, product.code);
        page.text(
            "Text",
            10.0,
            GREY,
            department,
            line,
            product.department.label(),
        );
        // Digits are 5.56 points wide at this size and the dot 2.78: aligned to the right by hand.
        let price = product.price();
        let width = 5.56 * (price.len() as f32 - 2.0) + 2.78;
        page.text("Bold", 10.0, BROWN, 452.0 - width, line, &price);
        page.text("Text", 10.0, INK, stock, line, &product.stock.words());
    }
    page.text(
        "Text",
        9.0,
        GREY,
        48.0,
        60.0,
        "A sample shop to practise on: nothing in this list is for sale.",
    );
    let (bytes, _, _) = encoding_rs::WINDOWS_1252.encode(&page.operators);
    bytes.into_owned()
}

#[derive(Default)]
struct Drawing {
    operators: String,
}

impl Drawing {
    fn fill(&mut self, colour: &str, x: f32, y: f32, width: f32, height: f32) {
        let _ = writeln!(self.operators, "{colour} rg {x} {y} {width} {height} re f");
    }

    fn text(&mut self, font: &str, size: f32, colour: &str, x: f32, y: f32, words: &str) {
        let words = words
            .replace('\\', "\\\\")
            .replace('(', "\\(")
            .replace(')', "\\)");
        let _ = writeln!(
            self.operators,
            "BT {colour} rg /{font} {size} Tf {x} {y} Td ({words}) Tj ET"
        );
    }
}
