/** Without what was emptied: an empty text or list is none in this metamodel. */
export function withoutEmpty(attributes: object): object {
  return Object.fromEntries(
    Object.entries(attributes).filter(([, value]) => value !== undefined && value !== "" && !(Array.isArray(value) && value.length === 0)),
  );
}
