import type { NewPlaceRoles, PlaceAssignment } from "@doppelwerk/client";

/** What people call ids. Where two have one name the id is written. */
export interface Names {
  readonly who: readonly Named[];
  readonly places: readonly Named[];
}

interface Named {
  readonly id: string;
  readonly name: string;
}

interface Fault {
  /** Of the first line that says nothing. */
  readonly line: number;
}

type Roles = NewPlaceRoles["roles"];

/** One a line: `shift lead: acknowledge, command`, and for some property classes alone `quality: edit [Quality, Safety]`. */
export function textOfRoles(roles: Roles): string {
  return roles
    .map(({ name, actions, classes }) => `${name}: ${actions.join(", ")}${classes === undefined ? "" : ` [${classes.join(", ")}]`}`)
    .join("\n");
}

/** `known`: the actions that there are. */
export function rolesOf(text: string, known: ReadonlySet<string>): Roles | Fault {
  const listOf = (joined: string): readonly string[] => joined.split(",").map((one) => one.trim());
  return linesOf(text, (line) => {
    const [, name, joined = "", of] = /^([^:@]+):([^[\]]*)(?:\[([^[\]]*)\])?$/.exec(line) ?? [];
    const actions = listOf(joined);
    const classes = of === undefined ? undefined : listOf(of);
    if (name === undefined || !actions.every((action) => known.has(action)) || classes?.includes("") === true) return undefined;
    return { name: name.trim(), actions, ...(classes !== undefined && { classes }) };
  });
}

/** One a line: `ida; shift lead; Hall 2; 2026-12-31T22:00:00Z`. */
export function textOfAssignments(assignments: readonly PlaceAssignment[], names: Names): string {
  const nameOf = (of: readonly Named[], id: string): string => {
    const name = of.find((one) => one.id === id)?.name;
    return name === undefined || name.includes(";") || of.filter((one) => one.name === name).length > 1 ? id : name;
  };
  return assignments
    .map(({ who, role, place, until }) => {
      const parts = [nameOf(names.who, who), role, nameOf(names.places, place)];
      return [...parts, ...(until === undefined ? [] : [until])].join("; ");
    })
    .join("\n");
}

export function assignmentsOf(text: string, names: Names): readonly PlaceAssignment[] | Fault {
  const idOf = (of: readonly Named[], given: string, isId: RegExp): string | undefined => {
    if (isId.test(given)) return given;
    const found = of.filter(({ name }) => name === given);
    return found.length === 1 ? found[0]!.id : undefined;
  };
  return linesOf(text, (line) => {
    const [named = "", role = "", at = "", until, ...more] = line.split(";").map((part) => part.trim());
    const who = idOf(names.who, named, /^(?:person|machine|role):./);
    const place = idOf(names.places, at, /^(?:shell:.|\*$)/);
    if (who === undefined || place === undefined || role === "" || more.length > 0) return undefined;
    if (until === undefined) return { who, role, place };
    return Number.isNaN(Date.parse(until)) ? undefined : { who, role, place, until: new Date(until).toISOString() };
  });
}

function linesOf<Item>(text: string, read: (line: string) => Item | undefined): readonly Item[] | Fault {
  const items: Item[] = [];
  for (const [index, line] of text.split("\n").entries()) {
    if (line.trim() === "") continue;
    const item = read(line.trim());
    if (item === undefined) return { line: index + 1 };
    items.push(item);
  }
  return items;
}
