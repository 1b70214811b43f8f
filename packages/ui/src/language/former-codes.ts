/** Codes under which messages were stored before, by the code that they have now. */
export const formerCodes: Readonly<Record<string, string>> = Object.assign(
  {},
  ...Object.values(import.meta.glob("../../../../features/*/words/former.json", { import: "default", eager: true })),
);
