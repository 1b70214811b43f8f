import { message, type Message } from "@doppelwerk/messages";
import type { Covers, PropertyClass } from "@doppelwerk/trust";
import { MINUTE, type RecordKind, type WorldRecord } from "@doppelwerk/world";

export const PROPERTY_CLASS = "propertyClass";

export const MAX_COVERS = 200;
export const MAX_APPROVERS = 10;
/** A year. */
export const MAX_EXPIRY_MIN = 525_600;

/** Properties, documents or commands whose changes need somebody's approval; decides on live while it is enabled. */
export interface PropertyClassRecord extends WorldRecord {
  readonly kind: typeof PROPERTY_CLASS;
  readonly name: string;
  readonly covers: readonly (Covers & { readonly [key: string]: string })[];
  readonly propose: readonly string[];
  readonly approve: readonly string[];
  readonly approvers: number;
  readonly expiresAfterMin?: number;
  readonly presence: boolean;
  readonly directWrites: boolean;
  readonly enabled: boolean;
}

export const propertyClassKind: RecordKind = { kind: PROPERTY_CLASS, validate: faultsOf };

export function classOf({ id, name, covers, propose, approve, approvers, expiresAfterMin, ...record }: PropertyClassRecord): PropertyClass {
  const { presence, directWrites } = record;
  return {
    id,
    name,
    covers,
    propose,
    approve,
    approvers,
    presence,
    directWrites,
    ...(expiresAfterMin !== undefined && { expiresAfter: expiresAfterMin * MINUTE }),
  };
}

const COVERS: ReadonlySet<string> = new Set(["semanticId", "path", "kind", "commands"]);

function faultsOf(record: WorldRecord): readonly Message[] {
  const { name, covers, propose, approve, approvers, expiresAfterMin, presence, directWrites, enabled } = record;
  if (typeof name !== "string" || name.trim() === "" || name.length > 100) return [message("server.className")];
  if (!Array.isArray(covers) || covers.length === 0 || covers.length > MAX_COVERS || !covers.every(isCovers))
    return [message("server.classCovers", { max: MAX_COVERS })];
  if (!isRoles(propose) || !isRoles(approve)) return [message("server.classRoles")];
  if (!isCount(approvers, MAX_APPROVERS)) return [message("server.classApprovers", { max: MAX_APPROVERS })];
  if (expiresAfterMin !== undefined && !isCount(expiresAfterMin, MAX_EXPIRY_MIN))
    return [message("server.classExpiry", { max: MAX_EXPIRY_MIN })];
  const [flag] = Object.entries({ presence, directWrites, enabled }).find(([, value]) => typeof value !== "boolean") ?? [];
  return flag === undefined ? [] : [message("server.classFlag", { flag })];
}

function isCovers(given: unknown): boolean {
  if (typeof given !== "object" || given === null) return false;
  const [entry, ...more] = Object.entries(given);
  if (entry === undefined || more.length > 0) return false;
  const [of, text] = entry;
  return COVERS.has(of) && typeof text === "string" && text !== "" && text.length <= 2_000;
}

function isRoles(given: unknown): boolean {
  return Array.isArray(given) && given.length <= 50 && given.every((role) => typeof role === "string" && role !== "" && role.length <= 100);
}

function isCount(given: unknown, most: number): boolean {
  return Number.isInteger(given) && (given as number) >= 1 && (given as number) <= most;
}
