// F6 goes round the parts of the window: sidebar, work area, inspector.

const REGIONS = ['.sidebar', '#main', 'aside'];
const CAN_FOCUS =
  'a[href], button:not(:disabled), input:not(:disabled), select:not(:disabled), textarea:not(:disabled), summary, [tabindex="0"]';

export function nextRegion(by: 1 | -1): void {
  const regions = REGIONS.flatMap((selector) => {
    const region = document.querySelector<HTMLElement>(selector);
    return region && region.getClientRects().length > 0 ? [region] : [];
  });
  // The inspector stands inside the work area, so the innermost counts.
  const here = regions.reduce(
    (found, region, index) => (region.contains(document.activeElement) ? index : found),
    -1,
  );
  const next = regions[(here + by + regions.length) % regions.length];
  if (!next) return;
  const target = next.hasAttribute('tabindex') ? next : first(next);
  target?.focus();
}

function first(region: HTMLElement): HTMLElement | null {
  return region.querySelector<HTMLElement>(CAN_FOCUS);
}
