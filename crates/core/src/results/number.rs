//! Numbers as pages write them: `€1.299,00`, `US$ 1,299`, `-4.5 %`, `(12)`.

const CURRENCIES: &str = "$€£¥₹₽₩₺₴₫₪₱฿₡₦₲₵¢₸₼₾";
const WORDS: [&str; 6] = ["kr", "kr.", "zł", "kč", "ft", "лв"];

/// The value of each text when every one that is there reads as a number, with 0 for the missing.
pub fn look_like_numbers(texts: &[Option<String>]) -> Option<Vec<f64>> {
    let numbers = texts
        .iter()
        .map(|text| text.as_deref().map_or(Some(0.0), read));
    numbers.collect()
}

/// The number that a whole text is.
pub fn read(text: &str) -> Option<f64> {
    let money = text.contains(|character| CURRENCIES.contains(character));
    let kept: String = text
        .chars()
        .filter(|character| {
            !character.is_whitespace()
                && !CURRENCIES.contains(*character)
                && !"'’%".contains(*character)
        })
        .map(|character| if character == '−' { '-' } else { character })
        .collect();
    let bare = without_words(&kept, money);
    let (sign, digits) = match bare.strip_prefix('-') {
        Some(rest) => (-1.0, rest),
        None => (1.0, bare.strip_prefix('+').unwrap_or(bare)),
    };
    let shaped = digits.starts_with(|c: char| c.is_ascii_digit() || c == '.')
        && digits.contains(|c: char| c.is_ascii_digit())
        && digits
            .chars()
            .all(|c| c.is_ascii_digit() || c == '.' || c == ',');
    if !shaped {
        return None;
    }
    let plain = point_only(digits, money || bare.len() < kept.len())?;
    plain.parse::<f64>().ok().map(|number| sign * number)
}

/// Without a currency code or word at either end: `USD`, `kr`, and the `R` of `R$`.
fn without_words(text: &str, money: bool) -> &str {
    let is_word = |word: &str| {
        let code = (word.len() == 3 || (money && word.len() < 3))
            && word.chars().all(|c| c.is_ascii_uppercase());
        word.is_empty() || code || WORDS.contains(&word.to_lowercase().as_str())
    };
    let from = text
        .find(|c: char| c.is_ascii_digit() || "+-".contains(c))
        .unwrap_or(0);
    let to = text
        .rfind(|c: char| c.is_ascii_digit())
        .map_or(text.len(), |at| at + 1);
    if from < to && is_word(&text[..from]) && is_word(&text[to..]) {
        return &text[from..to];
    }
    text
}

/// Thousands separators out, a point for the decimals. A single separator before three digits is
/// read as thousands when it is a comma, or when the number is an amount of money.
fn point_only(digits: &str, money: bool) -> Option<String> {
    let (points, commas) = (digits.matches('.').count(), digits.matches(',').count());
    let three_after = |separator: char| {
        digits
            .rsplit_once(separator)
            .is_some_and(|(before, after)| after.len() == 3 && !before.is_empty() && before != "0")
    };
    let decimal = match (points, commas) {
        (0, 0) => None,
        (0, 1) => (!three_after(',')).then_some(','),
        (1, 0) => (!(money && three_after('.'))).then_some('.'),
        (0, _) | (_, 0) => None,
        (_, 1) if digits.rfind(',') > digits.rfind('.') => Some(','),
        (1, _) if digits.rfind('.') > digits.rfind(',') => Some('.'),
        _ => return None,
    };
    let kept = digits
        .chars()
        .filter(|c| c.is_ascii_digit() || Some(*c) == decimal);
    Some(kept.map(|c| if c == ',' { '.' } else { c }).collect())
}
