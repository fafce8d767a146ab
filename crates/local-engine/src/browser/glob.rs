//! The one pattern of `network_capture`: `*` stands for any text, `?` for one character.

pub struct Glob(Vec<char>);

impl Glob {
    pub fn new(pattern: &str) -> Self {
        Self(pattern.chars().collect())
    }

    /// Whether all of `text` fits. Falls back to the last star only, so time stays bounded.
    pub fn matches(&self, text: &str) -> bool {
        let text: Vec<char> = text.chars().collect();
        let (mut at, mut read) = (0, 0);
        let mut star = None;
        while read < text.len() {
            match self.0.get(at) {
                Some('*') => {
                    star = Some((at, read));
                    at += 1;
                }
                Some(&wanted) if wanted == '?' || wanted == text[read] => {
                    at += 1;
                    read += 1;
                }
                _ => {
                    let Some((star_at, star_read)) = star else {
                        return false;
                    };
                    star = Some((star_at, star_read + 1));
                    at = star_at + 1;
                    read = star_read + 1;
                }
            }
        }
        self.0[at..].iter().all(|&rest| rest == '*')
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_span_anything_and_all_must_fit() {
        let url = "https://shop.example/api/items?page=2";
        for pattern in [
            "*",
            "*/api/*",
            "**/api/**",
            "https://*items?page=2",
            "*=?",
            url,
        ] {
            assert!(Glob::new(pattern).matches(url), "{pattern} should match");
        }
        for pattern in ["", "/api/", "*/api", "https://*page=3", "*=??"] {
            assert!(
                !Glob::new(pattern).matches(url),
                "{pattern} should not match"
            );
        }
    }
}
