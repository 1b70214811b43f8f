import { readFileSync } from "node:fs";
import type { Page } from "playwright-core";

const script = readFileSync(new URL("look.mjs", import.meta.url), "utf8");

/** What is wrong with the page at a glance, one line a finding. */
export function lookAt(
  page: Page,
  options: {
    readonly language: "en" | "zh";
    /** What people wrote: it stays as it is in every language. */
    readonly written?: readonly string[];
  },
): Promise<readonly string[]> {
  return page.evaluate<readonly string[]>(`(() => {${script}; return look(${JSON.stringify(options)}); })()`);
}
