import { decodeId, encodeId } from "@doppelwerk/aas";

export const explorerModes = ["shells", "submodels", "concepts", "import", "templates"] as const;
export type ExplorerMode = (typeof explorerModes)[number];

export const elementTabs = ["value", "attributes", "history", "compare", "check", "json"] as const;
export type ElementTab = (typeof elementTabs)[number];

/** Where someone is in the explorer: what a link to it carries. */
export interface ExplorerPlace {
  readonly mode: ExplorerMode;
  /** What is searched for. */
  readonly find?: string;
  /** A query in AASQL that is open, as its JSON text. */
  readonly query?: string;
  readonly shell?: string;
  /** The asset a link names; its shell is looked up. */
  readonly asset?: string;
  readonly submodel?: string;
  /** idShortPath. */
  readonly path?: string;
  /** Id of a concept description. */
  readonly concept?: string;
  readonly tab?: ElementTab;
}

const letters = { find: "f", query: "q", shell: "a", asset: "g", submodel: "s", path: "p", concept: "c" } as const;
type Texts = keyof typeof letters;

/** `shells~a.aHR0…~s.…`: one step of an address. Ids travel in base64url as in the AAS API, so nothing is escaped twice. */
export function formatPlace(place: ExplorerPlace): string {
  const parts: string[] = [place.mode];
  for (const [name, letter] of Object.entries(letters)) {
    const text = place[name as Texts];
    if (text !== undefined && text !== "") parts.push(`${letter}.${encodeId(text)}`);
  }
  if (place.tab !== undefined && place.tab !== "value") parts.push(`t.${place.tab}`);
  return parts.join("~");
}

/** Reads the step of an address; undefined = it names no place of the explorer. What cannot be read of it is left out. */
export function parsePlace(detail: string | undefined): ExplorerPlace | undefined {
  const [first, ...parts] = (detail ?? "").split("~");
  const mode = explorerModes.find((name) => name === first);
  if (mode === undefined) return undefined;
  const place: { -readonly [Key in keyof ExplorerPlace]: ExplorerPlace[Key] } = { mode };
  for (const part of parts) {
    const [letter, text] = [part.slice(0, 2), part.slice(2)];
    const tab = elementTabs.find((name) => letter === "t." && name === text);
    if (tab !== undefined) place.tab = tab;
    const name = (Object.keys(letters) as Texts[]).find((key) => `${letters[key]}.` === letter);
    const id = name === undefined ? undefined : decodeId(text);
    if (name !== undefined && typeof id === "string" && id !== "") place[name] = id;
  }
  return place;
}
