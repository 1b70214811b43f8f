export const PRIORITIES = [1, 2, 3, 4] as const;

export interface StationChoice {
  readonly line: string;
  readonly station: string;
  readonly shell: string;
  readonly title: { readonly en: string; readonly zh: string };
}

/** What a priority means, from 1. */
export const URGENCIES = ["atOnce", "today", "thisWeek", "later"] as const;
export const urgencyOf = (priority: 1 | 2 | 3 | 4): (typeof URGENCIES)[number] => URGENCIES[priority - 1]!;
