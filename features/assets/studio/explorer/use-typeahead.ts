import { useRef } from "react";
import type { ShellTree } from "./shell-tree.ts";

/** Letters typed within this belong to one name. */
const TYPED_TOGETHER_MS = 800;
/** So long after the last letter the repository is asked for what is not loaded. */
const SEEK_AFTER_MS = 250;
/** Rows looked at together for what was typed. */
const STRETCH = 1_000;

/** Brings the first root of which the name begins so into the tree, from what is not loaded yet; its key, undefined = there is none. */
export type SeekRoot = (text: string) => Promise<string | undefined>;

interface Typeahead {
  /** Moves to the next row whose name begins with what was typed, from `at` on. */
  readonly type: (letter: string, at: number) => void;
  /** The next letter begins another name. */
  readonly reset: () => void;
}

/** Moving in a tree by typing the beginning of a name. */
export function useTypeahead(tree: ShellTree, seek: SeekRoot | undefined, moveTo: (index: number) => void): Typeahead {
  const typed = useRef({ text: "", at: 0 });
  const type = (letter: string, at: number): void => {
    const now = performance.now();
    const isNew = now - typed.current.at > TYPED_TOGETHER_MS;
    const text = (isNew ? "" : typed.current.text) + letter;
    typed.current = { text, at: now };
    const found = indexBeginning(tree, text, isNew ? at + 1 : at);
    if (found !== undefined) return moveTo(found);
    if (seek === undefined || tree.state === "whole") return;
    // asked once the letters have come to rest
    setTimeout(() => {
      if (typed.current.text !== text) return;
      void seek(text).then((key) => {
        if (key !== undefined && typed.current.text === text) moveTo(tree.indexOf(key));
      });
    }, SEEK_AFTER_MS);
  };
  return {
    type,
    reset: () => {
      typed.current = { text: "", at: 0 };
    },
  };
}

/** The first row from `start` on, and round from the top, whose name begins with a text in any case. */
function indexBeginning(tree: ShellTree, text: string, start: number): number | undefined {
  const needle = text.toLowerCase();
  for (let seen = 0; seen < tree.count + STRETCH; seen += STRETCH) {
    const begin = (start + seen) % Math.max(1, tree.count);
    const found = tree.rows(begin, Math.min(tree.count, begin + STRETCH)).findIndex(({ label }) => label.toLowerCase().startsWith(needle));
    if (found >= 0) return begin + found;
  }
  return undefined;
}
