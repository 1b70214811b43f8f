import type { Instant, RecordId } from "@doppelwerk/world";

/** A set of actions with a name. */
export interface PlaceRole {
  readonly name: string;
  /** What the kernel decides about (`edit`), or what a feature declares (`FEATURE.ACT`). */
  readonly actions: readonly string[];
  /** Names of property classes: the role counts for what is of one of them, and for nothing else. */
  readonly classes?: readonly string[];
}

/** Somebody has a role at a place and at all places in it. */
export interface PlaceAssignment {
  /** Id of a person or a machine, or `role:engineer`: whoever has that role of the server. */
  readonly who: string;
  readonly role: string;
  /** Record id of the shell of the place; `*`: the whole world, and what stands in no place. */
  readonly place: RecordId | "*";
  /** It ends then. */
  readonly until?: Instant;
}

export interface PlaceAsker {
  readonly id: string;
  readonly roles: readonly string[];
}

/** The place of an object and every one that contains it, from the inside out; of one that stands in several places, each. */
export type PlaceChains = readonly (readonly RecordId[])[];

/** What is to be done. */
export interface PlaceAsked {
  /** Names of it: a role that has one of them has it. */
  readonly actions: readonly string[];
  /** Names of the property classes of the object; a role is needed for each. */
  readonly classes?: readonly string[];
}

export type PlaceDecision =
  | { readonly allowed: true; readonly role: string; readonly place: RecordId | "*" }
  /** Roles that have the action, where they are needed, and of what is of a property class that one. */
  | { readonly allowed: false; readonly roles: readonly string[]; readonly places: readonly RecordId[]; readonly class?: string };

interface Held {
  readonly role: string;
  readonly place: RecordId | "*";
  /** No end is the end of time. */
  readonly until: Instant;
  /** Undefined: whatever it is of. */
  readonly classes: ReadonlySet<string> | undefined;
}

interface Role {
  readonly actions: ReadonlySet<string>;
  readonly classes: ReadonlySet<string> | undefined;
}

type HeldAt = ReadonlyMap<RecordId | "*", readonly Held[]>;

const ALWAYS = Number.POSITIVE_INFINITY;
const EVERYWHERE = "*";
const WHATEVER: readonly undefined[] = [undefined];
const NOWHERE: PlaceChains = [[]];

/** Roles at places, compiled for many decisions. What no assignment gives is denied. */
export class PlaceRoles {
  /** Of several of one name each counts for itself. */
  readonly #rolesOf = new Map<string, Role[]>();
  readonly #assignmentsOf = new Map<string, PlaceAssignment[]>();

  constructor(roles: readonly PlaceRole[], assignments: readonly PlaceAssignment[]) {
    for (const { name, actions, classes } of roles)
      enter(this.#rolesOf, name, { actions: new Set(actions), classes: classes && new Set(classes) });
    for (const one of assignments) enter(this.#assignmentsOf, one.who, one);
  }

  for({ id, roles }: PlaceAsker): AskerPlaces {
    const own = [id, ...roles.map((role) => `role:${role}`)].flatMap((who) => this.#assignmentsOf.get(who) ?? []);
    return new AskerPlaces(own, this.#rolesOf);
  }
}

export class AskerPlaces {
  readonly #own: readonly PlaceAssignment[];
  readonly #rolesOf: ReadonlyMap<string, readonly Role[]>;
  readonly #held = new Map<string, HeldAt>();

  constructor(own: readonly PlaceAssignment[], rolesOf: ReadonlyMap<string, readonly Role[]>) {
    this.#own = own;
    this.#rolesOf = rolesOf;
  }

  decide({ actions, classes = [] }: PlaceAsked, chains: PlaceChains, now: Instant): PlaceDecision {
    let found: Held | undefined;
    for (const of of classes.length === 0 ? WHATEVER : classes)
      for (const chain of chains.length === 0 ? NOWHERE : chains) {
        found = this.#find(actions, of, chain, now);
        if (found === undefined) return this.#denied(actions, of, chain);
      }
    return { allowed: true, role: found!.role, place: found!.place };
  }

  /** Whether it may be done anywhere, to whatever it is. */
  holds(actions: readonly string[], now: Instant): boolean {
    for (const action of actions)
      for (const held of this.#heldOf(action).values()) for (const { until } of held) if (now < until) return true;
    return false;
  }

  /** `role@place`, and `role` of the whole world, as an approval keeps them. */
  grants(now: Instant): readonly string[] {
    const held = this.#own.filter(({ until = ALWAYS }) => now < until);
    return [...new Set(held.map(({ role, place }) => (place === EVERYWHERE ? role : `${role}@${place}`)))].toSorted();
  }

  #find(actions: readonly string[], of: string | undefined, chain: readonly RecordId[], now: Instant): Held | undefined {
    for (const action of actions) {
      const held = this.#heldOf(action);
      const found = counting(held.get(EVERYWHERE), of, now);
      if (found !== undefined) return found;
      for (const place of chain) {
        const atPlace = counting(held.get(place), of, now);
        if (atPlace !== undefined) return atPlace;
      }
    }
    return undefined;
  }

  #denied(actions: readonly string[], of: string | undefined, places: readonly RecordId[]): PlaceDecision {
    const has = (role: Role): boolean => actions.some((action) => role.actions.has(action)) && isFor(role.classes, of);
    const roles = [...this.#rolesOf].filter(([, all]) => all.some(has)).map(([name]) => name);
    return { allowed: false, roles: roles.toSorted(), places, ...(of !== undefined && { class: of }) };
  }

  #heldOf(action: string): HeldAt {
    const known = this.#held.get(action);
    if (known !== undefined) return known;
    const held = new Map<RecordId | "*", Held[]>();
    for (const { role, place, until = ALWAYS } of this.#own)
      for (const { actions, classes } of this.#rolesOf.get(role) ?? [])
        if (actions.has(action)) enter(held, place, { role, place, until, classes });
    this.#held.set(action, held);
    return held;
  }
}

function counting(held: readonly Held[] | undefined, of: string | undefined, now: Instant): Held | undefined {
  return held?.find(({ until, classes }) => now < until && isFor(classes, of));
}

/** A role for some classes does not count for what is of none. */
function isFor(classes: ReadonlySet<string> | undefined, of: string | undefined): boolean {
  return classes === undefined || (of !== undefined && classes.has(of));
}

function enter<Item>(map: Map<string, Item[]>, key: string, item: Item): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [item]);
  else list.push(item);
}

/** Whether grants of an approval hold one of the roles for what stands in these places. */
export function grantsHold(grants: ReadonlySet<string>, roles: readonly string[], chains: PlaceChains): boolean {
  return roles.some(
    (role) => grants.has(role) || (chains.length > 0 && chains.every((chain) => chain.some((place) => grants.has(`${role}@${place}`)))),
  );
}
