import { useEffect } from "react";
import { useStudio } from "@doppelwerk/kit/studio";
import type { Place, Summary } from "../contract.ts";

/** While a place with lines is shown the Rail has a band for each, those that need attention first. */
export function useRailLines({ total, causes }: Pick<Summary, "total" | "causes">, places: readonly Place[]): void {
  const studio = useStudio();
  const concerned = causes.flatMap(({ place, follows = [] }) => [place, ...follows.map((each) => each.place)]);
  const rank = (id: string): number => (concerned.includes(id) ? concerned.indexOf(id) : concerned.length);
  const lines = total.lines
    .toSorted((a, b) => rank(a.id) - rank(b.id))
    .flatMap(({ id, title }) => {
      const line = places.find((place) => place.id === id)?.line;
      return line === undefined ? [] : [{ id: line, title }];
    });
  const key = JSON.stringify(lines);
  useEffect(() => {
    studio.railLines.set(JSON.parse(key) as typeof lines);
    return () => studio.railLines.set([]);
  }, [studio, key]);
}
