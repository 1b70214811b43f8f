// Who may do what, and proof of what was done.

export { createSeal, verifyChain } from "./audit/seal.ts";
export { createAccessGate, type AccessGateOptions, type AccessRuleSource } from "./access/access-gate.ts";
export type { PlaceRoleSource, PlaceSubject } from "./access/deciding-at-places.ts";
export {
  grantsHold,
  PlaceRoles,
  type AskerPlaces,
  type PlaceAsked,
  type PlaceAsker,
  type PlaceAssignment,
  type PlaceChains,
  type PlaceDecision,
  type PlaceRole,
} from "./places/place-roles.ts";
export { PropertyClasses, type Covers, type Described, type PropertyClass } from "./classes/property-classes.ts";
export { roleTable, type Role, type Scope } from "./access/roles.ts";
export {
  Policy,
  type AskerPolicy,
  type Asked,
  type Asker,
  type ListedObject,
  type PolicyDecision,
  type Surroundings,
} from "./policy/policy.ts";
export { LISTED_FIELDS, textsOf } from "./policy/required-texts.ts";
