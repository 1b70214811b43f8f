import type { Filter } from "@doppelwerk/aas/access-rules";

type Part = Readonly<Record<string, unknown>>;
/** Where something stands in an object: names, and places in lists. */
type Place = readonly (string | number)[];

interface Step {
  readonly name: string;
  /** A place in a list, or any. */
  readonly index?: number | "any";
}

/**
 * What is left of an object under the filters of the rules that permit it: without what each of the rules hides, by whatever fragment it does. `holds`:
 * whether a condition holds of an object that has of each list on the way to the fragment this one item; `attributeOf`: what a fragment names of the object,
 * undefined where it is of something else.
 */
export function filtered<Whole extends object>(
  object: Whole,
  rules: readonly (readonly Filter[])[],
  holds: (condition: Filter["condition"], object: Whole) => boolean,
  attributeOf: (fragment: string) => string | undefined,
): Whole {
  const hidden = rules.map((filters) =>
    filters.flatMap(({ fragment, condition }) => {
      const attribute = attributeOf(fragment);
      if (attribute === undefined) return [];
      return hiddenPlaces(object as Part, stepsOf(attribute), [], (one) => holds(condition, one as Whole));
    }),
  );
  const gone = hidden.flat().filter((place) => hidden.every((ofRule) => ofRule.some((other) => contains(other, place))));
  return gone.length === 0 ? object : (without(object as Part, gone) as Whole);
}

/** `specificAssetIds[].externalSubjectId.keys[0]` */
function stepsOf(attribute: string): readonly Step[] {
  return attribute.split(".").map((text) => {
    const [, name = text, index] = /^([^[]*)\[(\d*)\]$/.exec(text) ?? [];
    if (index === undefined) return { name };
    return { name, index: index === "" ? "any" : Number(index) };
  });
}

/** What a filter hides: an item of a list judged with all that it belongs to, beside no other item of a list on the way. */
function hiddenPlaces(part: Part, [step, ...rest]: readonly Step[], at: Place, isKept: (one: Part) => boolean): readonly Place[] {
  if (step === undefined || !Object.hasOwn(part, step.name)) return [];
  const { name, index } = step;
  const value = part[name];
  const own = [...at, name];
  const alone = (item: unknown, place: number): readonly unknown[] =>
    typeof index === "number" ? (value as readonly unknown[]).map((_, other) => (other === place ? item : {})) : [item];
  const judged = (put: unknown): Part => ({ ...part, [name]: put });
  if (!Array.isArray(value)) {
    if (rest.length === 0) return isKept(part) ? [] : [own];
    return isPart(value) ? hiddenPlaces(value, rest, own, (left) => isKept(judged(left))) : [];
  }
  if (rest.length === 0 && index === undefined) return isKept(part) ? [] : [own];
  return value.flatMap((item: unknown, place): readonly Place[] => {
    if (typeof index === "number" && index !== place) return [];
    if (rest.length === 0) return isKept(judged(alone(item, place))) ? [] : [[...own, place]];
    return isPart(item) ? hiddenPlaces(item, rest, [...own, place], (left) => isKept(judged(alone(left, place)))) : [];
  });
}

function contains(outer: Place, inner: Place): boolean {
  return outer.length <= inner.length && outer.every((step, at) => step === inner[at]);
}

/** A list of which nothing is left is not there. */
function without(part: unknown, places: readonly Place[]): unknown {
  const left = (value: unknown, step: string | number): readonly unknown[] => {
    const own = places.filter(([first]) => first === step);
    if (own.length === 0) return [value];
    return own.some(({ length }) => length === 1)
      ? []
      : [
          without(
            value,
            own.map((place) => place.slice(1)),
          ),
        ];
  };
  if (Array.isArray(part)) return part.flatMap((value, at) => left(value, at));
  return Object.fromEntries(
    Object.entries(part as Part).flatMap(([name, value]) =>
      left(value, name).flatMap((one) => (one !== value && Array.isArray(one) && one.length === 0 ? [] : [[name, one] as const])),
    ),
  );
}

function isPart(value: unknown): value is Part {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
