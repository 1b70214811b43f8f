import type { Translate } from "@doppelwerk/kit/studio";

/** What a limit is about: the product without its unit, else the element or material itself. */
export function rowName(row: string, t: Translate): string {
  return row === "product" ? t("simulate.optimise.blend.product").replace(/[,（(].*$/, "") : row;
}

/** About three significant digits. */
export function amountText(value: number): string {
  const size = Math.abs(value);
  return value.toFixed(size >= 1_000 ? 0 : size >= 10 ? 1 : size >= 0.1 ? 2 : 4);
}

/** In percent, without its sign; empty where there is none. */
export function shareText(share: number | undefined): string {
  return share === undefined ? "" : String(Number((100 * share).toPrecision(4)));
}

/** Whether a share lies at its limit, as far as a solver is exact. */
export function isAtLimit(share: number, limit: number | undefined): boolean {
  return limit !== undefined && Math.abs(share - limit) <= 1e-7 + 1e-5 * limit;
}
