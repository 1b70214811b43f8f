/** What screens show: the shell, and every feature. */
export const words: Readonly<Record<string, string>> = Object.assign(
  {},
  ...Object.values(
    import.meta.glob(["../../words/zh.json", "../../../studio/words/zh.json", "../../../../features/*/words/zh.json"], {
      import: "default",
      eager: true,
    }),
  ),
);
