/** Answered as 404, in the words of the pack. */
export function notFound(kind: "recipe" | "machine", name: string): Error {
  const reason = { code: `dyeHouse.refused.${kind}`, params: { name } };
  return Object.assign(new Error(`there is no ${kind} ${name} in this dye house`), { code: "DW_NOT_FOUND", reason });
}
