import { useEffect, useState } from "react";
import type { ExplorerPlace } from "@doppelwerk/kit/studio";
import type { ExplorerMoves } from "./explorer-moves.ts";

const SETTLE_MS = 150;

/** What is typed into the search; it becomes part of the place once the letters have come to rest. */
export function useSearchText(place: ExplorerPlace, moves: ExplorerMoves): readonly [text: string, setText: (text: string) => void] {
  const [text, setText] = useState(place.find ?? "");
  useEffect(() => setText(place.find ?? ""), [place.find]);
  useEffect(() => {
    const timer = setTimeout(() => {
      const find = text.trim() === "" ? undefined : text.trim();
      if (find === place.find) return;
      const { find: _, query: __, ...rest } = place;
      moves.amend({ ...rest, ...(find !== undefined && { find }) });
    }, SETTLE_MS);
    return () => clearTimeout(timer);
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- typing alone starts a search
  }, [text]);
  return [text, setText];
}
