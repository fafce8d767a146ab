//! The picture of the whole page.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chromiumoxide::cdp::browser_protocol::page::{
    CaptureScreenshotFormat, CaptureScreenshotParams, GetLayoutMetricsParams, Viewport,
};

use crate::page::PageError;

use super::plan::Screen;
use super::script;
use super::tab::Tab;

/// What a browser can draw in one piece, in real pixels.
const MOST_PIXELS: f64 = 16_384.0;

/// Scrolled through once, so that what is loaded only when seen is there; then back where it was.
const SEE_ALL: &str = "(async () => {
  const at = [scrollX, scrollY];
  const end = Math.min(document.documentElement.scrollHeight, 16384);
  for (let y = 0, n = 0; y < end && n < 40; y += innerHeight, n += 1) {
    scrollTo({ top: y, behavior: 'instant' });
    await new Promise((go) => setTimeout(go, 25));
  }
  scrollTo({ left: at[0], top: at[1], behavior: 'instant' });
})()";

pub async fn take(tab: &Tab, screen: Screen) -> Result<Vec<u8>, PageError> {
    script::read(&tab.page, SEE_ALL).await?;
    let short = Duration::from_secs(2);
    tab.traffic.settle(short, short).await;
    let size = tab
        .page
        .call(GetLayoutMetricsParams::default())
        .await?
        .css_content_size;
    let density = match screen {
        Screen::Desktop => 1.0,
        Screen::Mobile => 2.0,
    };
    let height = size.height.clamp(1.0, MOST_PIXELS);
    let width = size.width.clamp(1.0, MOST_PIXELS);
    let capture = CaptureScreenshotParams {
        format: Some(CaptureScreenshotFormat::Png),
        capture_beyond_viewport: Some(true),
        clip: Some(Viewport {
            x: 0.0,
            y: 0.0,
            width,
            height,
            scale: (MOST_PIXELS / (height.max(width) * density)).min(1.0),
        }),
        ..CaptureScreenshotParams::default()
    };
    let picture = tab.page.call(capture).await?.data;
    let picture: &str = picture.as_ref();
    STANDARD
        .decode(picture)
        .map_err(|error| PageError::Protocol {
            message: format!("the screenshot can't be read: {error}"),
        })
}
