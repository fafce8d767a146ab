//! `GET /v1/plans` (contract §5.7). Only three keys are known; the rest is kept as it came.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// All plans.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct PlansResponse {
    /// In the service's order.
    pub plans: Vec<Plan>,
}

/// One plan.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Plan {
    /// Name for a person.
    pub display_name: Option<String>,
    /// Credits a month.
    pub credits_monthly: Option<u64>,
    /// Scrapes at once.
    pub max_concurrent_jobs: Option<u64>,
    /// Every other key.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}
