/** Where a key leads from a card, when the cards stand in rows; null when the key moves nothing. */
export function cardByKey(
  key: string,
  from: number | null,
  { total, columns, rowsInView }: { total: number; columns: number; rowsInView: number },
): number | null {
  if (total === 0) return null;
  const to = (index: number) => Math.min(Math.max(index, 0), total - 1);
  if (from === null) return /^(Arrow|Page|Home)/.test(key) ? 0 : key === 'End' ? total - 1 : null;
  const page = Math.max(1, rowsInView - 1) * columns;
  switch (key) {
    case 'ArrowRight':
      return to(from + 1);
    case 'ArrowLeft':
      return to(from - 1);
    case 'ArrowDown':
      // Below the last full row there may be nothing: the last card then.
      return to(from + columns);
    case 'ArrowUp':
      return from < columns ? from : from - columns;
    case 'PageDown':
      return to(from + page);
    case 'PageUp':
      return to(from - page);
    case 'Home':
      return 0;
    case 'End':
      return total - 1;
    default:
      return null;
  }
}
