import type { Message } from "@doppelwerk/messages";
import { useCallback } from "react";
import { useWords } from "./context.tsx";

/** The text of a code of a pack in the reader's language; the code itself where its words have none. */
export type PackText = (code: string, params?: Message["params"]) => string;

/** Texts of the words of a pack: `text("brewery.count", { count: 3 })`. */
export function useText(): PackText {
  const { t } = useWords();
  return useCallback((code, params) => t.or(code, code, params), [t]);
}
