/** What the kernel says. */
export const words: Readonly<Record<string, string>> = Object.assign(
  {},
  ...Object.values(import.meta.glob("../../../server/words/en/*.json", { import: "default", eager: true })),
);
