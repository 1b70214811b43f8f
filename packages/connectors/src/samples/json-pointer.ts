/** The tokens of a JSON pointer (RFC 6901); undefined when the text is none. `""` is the whole document. */
export function pointerTokens(pointer: string): readonly string[] | undefined {
  if (pointer === "") return [];
  if (!pointer.startsWith("/")) return undefined;
  return pointer
    .slice(1)
    .split("/")
    .map((token) => token.replaceAll("~1", "/").replaceAll("~0", "~"));
}

export function pointerOf(tokens: readonly string[]): string {
  return tokens.map((token) => `/${token.replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}

/** What stands at the tokens; undefined when nothing does. Own properties only. */
export function valueAt(json: unknown, tokens: readonly string[]): unknown {
  let value = json;
  for (const token of tokens) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, token)) return undefined;
    value = (value as Record<string, unknown>)[token];
  }
  return value;
}

/** Every scalar below a document with its tokens, in the order of the document; at most `most`, no deeper than 16. */
export function* scalarsOf(json: unknown, most: number): Generator<{ readonly tokens: readonly string[]; readonly value: Scalar }> {
  let left = most;
  const walk = function* (value: unknown, tokens: readonly string[]): Generator<{ tokens: readonly string[]; value: Scalar }> {
    if (left <= 0 || tokens.length > 16) return;
    if (isScalar(value)) {
      left--;
      yield { tokens, value };
    } else if (typeof value === "object" && value !== null) {
      for (const [key, child] of Object.entries(value)) yield* walk(child, [...tokens, key]);
    }
  };
  yield* walk(json, []);
}

export type Scalar = number | string | boolean;

export function isScalar(value: unknown): value is Scalar {
  return typeof value === "number" || typeof value === "string" || typeof value === "boolean";
}
