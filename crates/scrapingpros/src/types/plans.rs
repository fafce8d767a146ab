//! `GET /v1/plans` (contract §5.7). Only three keys are known; the rest is kept as it came.

use serde::{Deserialize, Deserializer, Serialize, de};
use serde_json::{Map, Value};

use super::lenient;

/// All plans.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct PlansResponse {
    /// In the service's order.
    pub plans: Vec<Plan>,
}

/// One plan.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Plan {
    /// Name for a person.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// Credits a month.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub credits_monthly: Option<u64>,
    /// Scrapes at once.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_concurrent_jobs: Option<u64>,
    /// Every other key, and those above when they are not what is expected.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

impl<'de> Deserialize<'de> for PlansResponse {
    /// `{"plans": […]}` or the bare list.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let plans = match Value::deserialize(deserializer)? {
            Value::Array(plans) => plans,
            Value::Object(mut answer) => {
                lenient::take_list(&mut answer, "plans").unwrap_or_default()
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
                return Err(de::Error::custom("neither a list of plans nor an object"));
            }
        };
        Ok(Self {
            plans: lenient::readable(plans),
        })
    }
}

impl<'de> Deserialize<'de> for Plan {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut plan = Map::deserialize(deserializer)?;
        let mut count = |name| lenient::take_whole(&mut plan, name)?.try_into().ok();
        Ok(Self {
            credits_monthly: count("credits_monthly"),
            max_concurrent_jobs: count("max_concurrent_jobs"),
            display_name: lenient::take_text(&mut plan, "display_name"),
            other: plan,
        })
    }
}
