/** Detail of the address: the values of the plant by folder. */
export const VALUES = "values";

/** Those of one connection: `values:connection:1`; without it all of them. */
export function valuesDetail(connection: string | undefined): string {
  return connection === undefined ? VALUES : `${VALUES}:${connection}`;
}

/** Whether the detail of an address is that of the values, and of which connection. */
export function valuesOf(detail: string | undefined): { readonly connection: string | undefined } | undefined {
  if (detail === VALUES) return { connection: undefined };
  return detail?.startsWith(`${VALUES}:`) === true ? { connection: detail.slice(VALUES.length + 1) } : undefined;
}
