import { useLayoutEffect, useState } from "react";
import type { RefObject } from "react";

/** Rows above and below what is seen. */
const MARGIN = 8;
/** Where nothing is laid out yet. */
const MIN_HEIGHT = 800;

export interface ShownRows {
  readonly first: number;
  /** Behind the last one. */
  readonly end: number;
}

/** Which of `count` rows of one height, pixels, lie in the window of a scroller or near it; the others need no elements. */
export function useShownRows(scroller: RefObject<HTMLElement | null>, count: number, height: number): ShownRows {
  const [seen, setSeen] = useState({ top: 0, height: MIN_HEIGHT });
  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null) return undefined;
    const look = (): void => {
      // as coarse as the margin: most steps of a scroll draw nothing
      const top = Math.floor(element.scrollTop / (height * 4)) * height * 4;
      const own = element.clientHeight || MIN_HEIGHT;
      setSeen((before) => (before.top === top && before.height === own ? before : { top, height: own }));
    };
    look();
    const observer = new ResizeObserver(look);
    observer.observe(element);
    element.addEventListener("scroll", look, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener("scroll", look);
    };
  }, [scroller, height]);
  const first = Math.max(0, Math.min(Math.floor(seen.top / height), count) - MARGIN);
  return { first, end: Math.min(count, Math.ceil((seen.top + seen.height) / height) + MARGIN) };
}
