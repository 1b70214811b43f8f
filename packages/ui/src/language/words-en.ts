/** What screens show: the shell, and every feature. */
export const words: Readonly<Record<string, string>> = Object.assign(
  {},
  ...Object.values(
    import.meta.glob(["../../words/en.json", "../../../studio/words/en.json", "../../../../features/*/words/en.json"], {
      import: "default",
      eager: true,
    }),
  ),
);
