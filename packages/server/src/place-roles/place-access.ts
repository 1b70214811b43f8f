import { roleTable, type Role } from "@doppelwerk/trust";
import { DoppelwerkError, type BranchId, type Principal, type RecordId, type WorldRecord } from "@doppelwerk/world";
import { isPlaceAction, type PlaceAct } from "./place-acts.ts";
import {
  PLACE_ACTIONS,
  PLACE_ROLES,
  placeRolesKind,
  type PlaceAction,
  type PlaceRoleSet,
  type PlaceRolesRecord,
} from "./place-roles-record.ts";
import { WorldPlaces, type PlaceSources } from "./world-places.ts";

/** What somebody may do at a place after other roles, and not before, or the other way round. */
export interface PlaceChange {
  readonly principal: Principal;
  readonly gained: number;
  readonly lost: number;
  /** The first of each. */
  readonly examples: readonly { readonly place: string; readonly action: string; readonly change: "gained" | "lost" }[];
}

type NamedSet = PlaceRoleSet & Pick<PlaceRolesRecord, "name">;

export interface PlaceExplanation {
  readonly permitted: boolean;
  /** By a role at a place, by the roles of the server, or by none. */
  readonly by: "place" | "roles" | "none";
  readonly role?: string;
  readonly place?: string;
  /** Roles that would give it, at one of these places, and of this property class. */
  readonly roles?: readonly string[];
  readonly places?: readonly string[];
  readonly class?: string;
}

/** What routes may ask of the roles at places of a world. */
export interface PlaceAccess {
  /** `act`: an action of places, or one of a feature. Undefined where roles at places do not decide: there are none, or the principal administers. */
  explain(principal: Principal, act: string, record: WorldRecord): PlaceExplanation | undefined;
  /** Roles that somebody has in the whole world, by those at places. */
  grantsOf(principal: Principal): readonly string[];
  /** Who gains and loses what if these were the sets; counted are places and actions. Errors: DW_INVALID for a set that is none. */
  changes(sets: readonly NamedSet[], people: readonly Principal[]): readonly PlaceChange[];
  /** The same, if the sets of a branch were those of live. */
  changesOf(branch: BranchId, people: readonly Principal[]): readonly PlaceChange[];
}

interface PlaceAccessOptions {
  readonly sources: PlaceSources;
  readonly places: WorldPlaces;
  readonly setsOf: (branch: BranchId) => readonly NamedSet[];
  readonly acts: () => readonly PlaceAct[];
}

/** Something to be counted. */
type Counted = Pick<PlaceAct, "id" | "action">;

const EXAMPLES = 10;
/** Places that a preview looks at. */
const MAX_PLACES = 2_000;

export function placeAccess({ sources, places, setsOf, acts }: PlaceAccessOptions): PlaceAccess {
  const changesTo = (sets: readonly NamedSet[], people: readonly Principal[]): readonly PlaceChange[] => {
    const after = new WorldPlaces({ ...sources, sets: () => sets });
    const named = new Set([...sets, ...setsOf("live")].flatMap(({ roles }) => roles).flatMap(({ actions }) => actions));
    const counted = [...PLACE_ACTIONS.map((action) => ({ id: action, action })), ...acts().filter(({ id }) => named.has(id))];
    const shells = placesOf(sources);
    return people
      .filter(({ roles }) => !roles.includes("administrator"))
      .map((principal) => ({ principal, ...changesOf(principal, shells, counted, { before: places, after }) }))
      .filter(({ gained, lost }) => gained + lost > 0);
  };
  return {
    explain(principal, act, record) {
      const action = isPlaceAction(act) ? act : acts().find(({ id }) => id === act)?.action;
      if (action === undefined || places.isEmpty() || principal.roles.includes("administrator")) return undefined;
      return explained(places, principal, { id: act, action }, record);
    },
    grantsOf: (principal) => places.grantsOf(principal).filter((grant) => !grant.includes("@")),
    changes(sets, people) {
      for (const [at, set] of sets.entries()) {
        const record: WorldRecord = { ...set, id: `${PLACE_ROLES}:${at}`, kind: PLACE_ROLES } as unknown as WorldRecord;
        const [fault] = placeRolesKind.validate!(record);
        if (fault !== undefined) throw new DoppelwerkError("DW_INVALID", fault);
      }
      return changesTo(sets, people);
    },
    changesOf: (branch, people) => changesTo(setsOf(branch), people),
  };
}

function explained(places: WorldPlaces, principal: Principal, { id, action }: Counted, record: WorldRecord): PlaceExplanation {
  const isByRole = allowsByRole(principal, action);
  const found = places.decide({ ...principal, doing: { action, act: id } }, action, { subject: record });
  if (found.allowed && (isByRole || mayBeGiven(principal, action)))
    return { permitted: true, by: "place", role: found.role, place: found.place };
  if (isByRole && !places.isStrict()) return { permitted: true, by: "roles" };
  if (found.allowed) return { permitted: false, by: "none" };
  return {
    permitted: false,
    by: "none",
    roles: found.roles,
    places: found.places,
    ...(found.class !== undefined && { class: found.class }),
  };
}

function allowsByRole({ roles }: Principal, action: PlaceAction): boolean {
  return roles.some((role) => Object.hasOwn(roleTable, role) && roleTable[role as Role][action] === "everywhere");
}

/** Who reads nothing is given nothing, and a machine answers for nothing. */
function mayBeGiven({ roles, machine, scope }: Principal, action: PlaceAction): boolean {
  return roles.some((role) => Object.hasOwn(roleTable, role)) && scope === undefined && !(machine === true && action === "approve");
}

/** Shells of places; without a tree none. */
function placesOf({ reader, tree }: PlaceSources): readonly WorldRecord[] {
  const known = tree();
  const isPlace = (id: RecordId): boolean => known !== undefined && known.above(id).length > 0;
  return reader()
    .query({ kind: "shell" })
    .filter(({ id }) => isPlace(id))
    .slice(0, MAX_PLACES);
}

function changesOf(
  principal: Principal,
  shells: readonly WorldRecord[],
  counted: readonly Counted[],
  { before, after }: { readonly before: WorldPlaces; readonly after: WorldPlaces },
): Omit<PlaceChange, "principal"> {
  const found = { gained: 0, lost: 0, examples: [] as PlaceChange["examples"][number][] };
  const may = (roles: WorldPlaces, one: Counted, shell: WorldRecord): boolean =>
    roles.isEmpty() ? allowsByRole(principal, one.action) : explained(roles, principal, one, shell).permitted;
  for (const one of counted)
    for (const shell of shells) {
      const [was, is] = [may(before, one, shell), may(after, one, shell)];
      if (was === is) continue;
      const change = is ? "gained" : "lost";
      found[change] += 1;
      if (found.examples.length < EXAMPLES) found.examples.push({ place: String(shell["idShort"] ?? shell.id), action: one.id, change });
    }
  return found;
}
