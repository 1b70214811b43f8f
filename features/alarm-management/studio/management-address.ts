export const TABS = ["performance", "database", "philosophy"] as const;
export type ManagementTab = (typeof TABS)[number];

/** What the page shows; it travels in the link. */
export interface ShownManagement {
  readonly tab: ManagementTab;
  /** Of the tab: its own choice, step by step. */
  readonly rest: readonly string[];
}

/** Reads what a link says; what it cannot mean falls back to the first tab. */
export function parseManagement(detail: string | undefined): ShownManagement {
  const [first, ...rest] = (detail ?? "").split("/");
  const tab = TABS.find((each) => each === first);
  return tab === undefined ? { tab: TABS[0], rest: [] } : { tab, rest };
}

export function formatManagement({ tab, rest }: ShownManagement): string | undefined {
  const path = [tab, ...rest.map((step) => step.replaceAll("/", ""))].join("/");
  return path === TABS[0] ? undefined : path;
}
