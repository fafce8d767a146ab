//! What a product of the sample shop is, in the shop's own terms.

use super::forms::Form;

pub use super::catalogue::GOODS;

pub struct Product {
    pub slug: &'static str,
    pub name: &'static str,
    pub code: &'static str,
    pub pence: u32,
    pub department: Department,
    pub stock: Stock,
    /// Out of 50, so that 4.8 stars is exact.
    pub stars: u32,
    pub ratings: u32,
    /// The line under the name.
    pub short: &'static str,
    pub long: &'static str,
    pub specification: [(&'static str, &'static str); 4],
    pub form: Form,
    /// 0xRRGGBB
    pub colour: u32,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Department {
    Tea,
    Cooking,
    Table,
    Linen,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Stock {
    In,
    Left(u32),
    Back(&'static str),
}

impl Product {
    pub fn find(slug: &str) -> Option<&'static Self> {
        GOODS.iter().find(|product| product.slug == slug)
    }

    pub fn price(&self) -> String {
        format!("£{}", self.amount())
    }

    /// The price as a number: `64.00`.
    pub fn amount(&self) -> String {
        format!("{}.{:02}", self.pence / 100, self.pence % 100)
    }

    pub fn rating(&self) -> String {
        format!("{}.{}", self.stars / 10, self.stars % 10)
    }

    pub fn address(&self) -> String {
        format!("/shop/{}", self.slug)
    }

    pub fn image(&self) -> String {
        format!("/images/{}.svg", self.slug)
    }
}

impl Department {
    pub const ALL: [Self; 4] = [Self::Tea, Self::Cooking, Self::Table, Self::Linen];

    pub fn key(self) -> &'static str {
        match self {
            Self::Tea => "tea",
            Self::Cooking => "cooking",
            Self::Table => "table",
            Self::Linen => "linen",
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::Tea => "Tea & coffee",
            Self::Cooking => "Cooking",
            Self::Table => "Table",
            Self::Linen => "Linen",
        }
    }

    pub fn address(self) -> String {
        format!("/shop?in={}", self.key())
    }

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|department| department.key() == key)
    }
}

impl Stock {
    pub fn words(self) -> String {
        match self {
            Self::In => "In stock".into(),
            Self::Left(count) => format!("{count} left"),
            Self::Back(day) => format!("Back {day}"),
        }
    }

    /// Class name for its colour.
    pub fn class(self) -> &'static str {
        match self {
            Self::In => "in-stock",
            Self::Left(_) => "few-left",
            Self::Back(_) => "back-soon",
        }
    }

    pub fn schema(self) -> &'static str {
        match self {
            Self::In => "https://schema.org/InStock",
            Self::Left(_) => "https://schema.org/LimitedAvailability",
            Self::Back(_) => "https://schema.org/BackOrder",
        }
    }
}
