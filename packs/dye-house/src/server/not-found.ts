/** Answered as 404. */
export function notFound(name: string): Error {
  return Object.assign(new Error(`there is no ${name} in this dye house`), { code: "DW_NOT_FOUND" });
}
