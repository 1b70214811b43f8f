export type JsonObject = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Many properties of VCDM are one value or a list of them. */
export function listOf(value: unknown): readonly unknown[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? (value as readonly unknown[]) : [value];
}

/** An absolute URL (scheme and what follows, without spaces): `https:`, `did:`, `urn:` and others. */
export function isUrl(value: unknown): value is string {
  return typeof value === "string" && value.length <= 2_000 && /^[A-Za-z][A-Za-z0-9+.-]*:[^\s"<>\\^`{|}]+$/.test(value);
}
