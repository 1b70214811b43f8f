import { createClient } from "@doppelwerk/client";
import type { Language, Preferences } from "@doppelwerk/ui";

/** A view as the manifest of a pack declares it: what its slot asks for, and the file with it. */
export interface DeclaredView {
  /** `shell.page@1`. */
  readonly at: string;
  readonly id: string;
  /** `./studio/page.js`. */
  readonly load: string;
  readonly [field: string]: unknown;
}

/** What one feature of a pack brings (`GET /studio-parts`). */
export interface PackPart {
  readonly pack: string;
  readonly version: string;
  readonly feature: string;
  /** Begins the addresses of its files; another one as soon as a file is another one. */
  readonly base: string;
  /** Written just now: its files change. */
  readonly isChanging: boolean;
  /** By the id of a view, the file with a React of its own that it imports. */
  readonly ownReact?: Readonly<Record<string, string>>;
  readonly views: readonly DeclaredView[];
  readonly words: Readonly<Record<Language, Readonly<Record<string, string>>>>;
}

/** Asks what packs bring to a world; undefined = the default one. */
export async function readPackParts(world: string | undefined, { personId, name }: Preferences): Promise<readonly PackPart[]> {
  const { requester } = createClient({
    baseUrl: location.origin,
    ...(world === undefined ? {} : { world }),
    person: { id: personId, name },
    fetch: (url, init) => fetch(url, init as RequestInit),
  });
  const { parts } = await requester.json<{ readonly parts: readonly PackPart[] }>("GET", "/studio-parts");
  return parts;
}

/** The texts of all parts by language. */
export function wordsOf(parts: readonly PackPart[]): Readonly<Record<Language, Readonly<Record<string, string>>>> {
  const of = (language: Language) => Object.assign({}, ...parts.map(({ words }) => words[language])) as Readonly<Record<string, string>>;
  return { en: of("en"), zh: of("zh") };
}
