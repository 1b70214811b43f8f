import type { PlainCode } from "../language/catalogues.ts";

/** What `?` shows of a view, so that nobody has to search for it. */
export interface Explained {
  /** Code of one sentence: what the view is for. */
  readonly about: PlainCode;
  /** Name of its guide, `/guide/NAME` of the server. */
  readonly guide: string;
}
