/** What the tests of this folder are about. */
import type { AppError, EstimateView, PageRow, ReportView } from '../../../backend';

export function failure(code: AppError['code'], rest: Partial<AppError> = {}): AppError {
  return {
    code,
    message: code,
    details: null,
    problems: [],
    retry_after: null,
    result_id: null,
    ...rest,
  };
}

export function estimate(rest: Partial<EstimateView> = {}): EstimateView {
  return {
    account_name: 'Acme',
    free: false,
    pages: 486,
    simple_pages: 0,
    browser_pages: 486,
    simple_price: 1,
    browser_price: 5,
    credits: 2430,
    left: 41_250,
    limit: 100_000,
    left_after: 38_820,
    over_quota: false,
    budget: null,
    spent: 0,
    over_budget: false,
    time: null,
    ...rest,
  };
}

export function pageRow(id: number, rest: Partial<PageRow> = {}): PageRow {
  return {
    id,
    number: id,
    address: `shop.example/${id}`,
    label: '',
    own: [],
    problem: null,
    ...rest,
  };
}

export function report(rows: number): ReportView {
  return { rows, will_run: rows, problems: 0, counts: [] };
}
