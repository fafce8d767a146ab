//! Files are what their names say, byte by byte.

use crate::visitor::Shop;

#[tokio::test]
async fn the_picture_is_a_png_of_960_by_720() {
    let shop = Shop::open().await;
    let png = shop.bytes("/files/kettle.png").await;
    assert!(png.starts_with(b"\x89PNG\r\n\x1a\n"), "signature");
    assert_eq!(&png[12..16], b"IHDR", "header");
    assert_eq!(&png[16..24], [0, 0, 3, 192, 0, 0, 2, 208], "width, height");
    assert!(png.ends_with(b"IEND\xae\x42\x60\x82"), "it is whole");
    assert!(png.len() <= 60_000, "small enough to live in the program");
}

#[tokio::test]
async fn texts_are_in_the_encoding_they_name() {
    let shop = Shop::open().await;
    let csv = shop.text("/files/prices.csv").await;
    assert_eq!(csv.lines().count(), 25, "a heading and 24 products");
    assert!(csv.contains("KO-3307,\"Oak serving board\",Table,36.50,GBP,3 left\r\n"));

    let latin1 = shop.bytes("/latin1").await;
    assert!(
        latin1.windows(4).any(|four| four == b"Caf\xe9"),
        "é is one byte"
    );
    assert!(String::from_utf8(latin1).is_err(), "it is not UTF-8");
}

#[tokio::test]
async fn the_pdf_leads_to_each_of_its_objects() {
    let shop = Shop::open().await;
    let pdf = shop.bytes("/files/price-list.pdf").await;
    assert!(pdf.starts_with(b"%PDF-1."));
    assert!(pdf.ends_with(b"%%EOF\n"));

    // One char for each byte, so that offsets in the file count chars here.
    let text: Vec<char> = pdf.iter().map(|byte| char::from(*byte)).collect();
    let from = |at: usize| text[at..].iter().collect::<String>();
    let whole = from(0);

    let table: usize = whole.lines().rev().nth(1).unwrap().parse().unwrap();
    let table = from(table);
    assert!(table.starts_with("xref\n"), "startxref points at the table");
    let places: Vec<usize> = table
        .lines()
        .filter(|line| line.ends_with(" n "))
        .map(|line| line[..10].parse().unwrap())
        .collect();
    assert_eq!(places.len(), 8, "objects");
    for (index, place) in places.into_iter().enumerate() {
        let start = format!("{} 0 obj\n", index + 1);
        assert!(from(place).starts_with(&start), "object {}", index + 1);
    }

    let length = whole.split("/Length ").nth(1).unwrap();
    let length: usize = length.split(' ').next().unwrap().parse().unwrap();
    let drawing = whole.split("stream\n").nth(1).unwrap();
    let drawing = drawing.split("\nend").next().unwrap();
    assert_eq!(drawing.chars().count(), length, "length of the drawing");
    assert!(
        drawing.contains("(\u{a3}64.00)"),
        "the pound sign is one byte, as the fonts' encoding has it"
    );
}

#[tokio::test]
async fn the_archive_opens() {
    let shop = Shop::open().await;
    let zip = shop.bytes("/files/catalogue.zip").await;
    let short = |at: usize| usize::from(u16::from_le_bytes([zip[at], zip[at + 1]]));
    let long = |at: usize| short(at) | (short(at + 2) << 16);

    let end = zip.len() - 22;
    assert!(zip[end..].starts_with(b"PK\x05\x06"), "end of directory");
    assert_eq!(short(end + 10), 26, "prices, read-me and 24 pictures");
    let mut line = long(end + 16);
    assert_eq!(line + long(end + 12), end, "the directory ends at its end");

    let mut prices = None;
    for _ in 0..short(end + 10) {
        assert!(zip[line..].starts_with(b"PK\x01\x02"), "directory line");
        let (sum, size, name_length) = (long(line + 16), long(line + 24), short(line + 28));
        let name = &zip[line + 46..line + 46 + name_length];
        let local = long(line + 42);
        assert!(zip[local..].starts_with(b"PK\x03\x04"), "file header");
        let contents = local + 30 + name_length;
        assert_eq!(&zip[local + 30..contents], name, "both name it alike");
        if name == b"prices.csv" {
            prices = Some((zip[contents..contents + size].to_vec(), sum));
        }
        line += 46 + name_length;
    }
    let (prices, sum) = prices.expect("prices.csv is in the archive");
    assert_eq!(
        prices,
        shop.bytes("/files/prices.csv").await,
        "the same prices as on the site"
    );
    assert_eq!(sum, crc32(&prices), "checksum of prices.csv");
}

#[tokio::test]
async fn the_big_page_is_ten_whole_megabytes() {
    let shop = Shop::open().await;
    let page = shop.text("/big").await;
    let size = page.len();
    assert!((10_000_000..11_500_000).contains(&size), "{size} bytes");
    assert_eq!(page.matches(r#"<tr class="movement">"#).count(), 60_000);
    assert!(page.trim_end().ends_with("</html>"), "it ends");
}

/// Division by the polynomial from the high end: another way to the same sum than the shop's own.
fn crc32(bytes: &[u8]) -> usize {
    let mut rest = u32::MAX;
    for bit in bytes
        .iter()
        .flat_map(|byte| (0..8).map(move |n| u32::from(byte >> n) & 1))
    {
        let carry = (rest >> 31) ^ bit;
        rest = (rest << 1) ^ (0x04c1_1db7 * carry);
    }
    (!rest.reverse_bits()) as usize
}
