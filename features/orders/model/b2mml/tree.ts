/** Content of an element: its text, or elements by name in the order of the schema. A name that comes more than once has a list. */
export type Content = string | Tree;
export interface Tree {
  readonly [name: string]: Content | readonly Content[] | undefined;
}

/** Every element of that name; none where the content is a text. */
export function all(content: Content | undefined, name: string): readonly Content[] {
  if (content === undefined || typeof content === "string" || !Object.hasOwn(content, name)) return [];
  const found = content[name];
  return found === undefined ? [] : Array.isArray(found) ? (found as readonly Content[]) : [found as Content];
}

export const first = (content: Content | undefined, ...path: readonly string[]): Content | undefined =>
  path.reduce<Content | undefined>((inner, name) => all(inner, name)[0], content);

/** The text of an element; undefined where there is none, or nothing in it. */
export function textAt(content: Content | undefined, ...path: readonly string[]): string | undefined {
  const found = first(content, ...path);
  const text = typeof found === "string" ? found : found === undefined ? undefined : found["#text"];
  return typeof text === "string" && text.trim() !== "" ? text.trim() : undefined;
}
