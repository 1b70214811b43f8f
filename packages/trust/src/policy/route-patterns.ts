/** Patterns of routes with what they are of: found by the text that they begin with, however many there are. */
export class RoutePatterns<Of> {
  /** By the length of that text, and the text. */
  readonly #byStart = new Map<number, Map<string, (readonly [place: number, matches: (route: string) => boolean, of: Of])[]>>();
  #count = 0;

  add(pattern: string, of: Of): void {
    const [start = ""] = pattern.split("*", 1);
    let ofLength = this.#byStart.get(start.length);
    if (ofLength === undefined) this.#byStart.set(start.length, (ofLength = new Map()));
    const found = ofLength.get(start);
    const entry = [this.#count++, routeMatcher(pattern), of] as const;
    if (found === undefined) ofLength.set(start, [entry]);
    else found.push(entry);
  }

  /** Whether a route that begins with this text may match one of them. */
  mayMatchBelow(start: string): boolean {
    return [...this.#byStart.values()].some((ofLength) =>
      [...ofLength.keys()].some((own) => own.startsWith(start) || start.startsWith(own)),
    );
  }

  /** In the order in which they were added. */
  matching(route: string): readonly Of[] {
    const found: (readonly [place: number, of: Of])[] = [];
    for (const [length, ofLength] of this.#byStart) {
      if (length > route.length) continue;
      for (const [place, matches, of] of ofLength.get(route.slice(0, length)) ?? []) if (matches(route)) found.push([place, of]);
    }
    return found.sort(([a], [b]) => a - b).map(([, of]) => of);
  }
}

/** `*` is any text, also with a slash in it; nothing else has a meaning. */
export function routeMatcher(pattern: string): (route: string) => boolean {
  const [first = "", ...rest] = pattern.split("*");
  return (route) => {
    if (!route.startsWith(first)) return false;
    let at = first.length;
    for (const [index, part] of rest.entries()) {
      if (index === rest.length - 1) return route.length - part.length >= at && route.endsWith(part);
      const found = route.indexOf(part, at);
      if (found < 0) return false;
      at = found + part.length;
    }
    return at === route.length;
  };
}
