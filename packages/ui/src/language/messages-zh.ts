/** The texts of the kernel and of every feature. */
export const words: Readonly<Record<string, string>> = Object.assign(
  {},
  ...Object.values(
    import.meta.glob(["../../../server/words/zh/*.json", "../../../../features/*/words/zh.json"], { import: "default", eager: true }),
  ),
);
