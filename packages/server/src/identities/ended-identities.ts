import type { KnownGuest } from "@doppelwerk/kit/server";
import type { Ending } from "../accounts/ending.ts";
import { IDLE_MS, LIFETIME_MS, type Session } from "../accounts/sessions.ts";
import { didOfKey } from "../machines/machine-key.ts";
import type { Machine } from "../machines/machine-store.ts";
import type { Terminal } from "../terminals/terminal-store.ts";
import type { EndedIdentity } from "./identity-history.ts";

// What is kept of an identity when it ends.

export function endedSession(
  session: Session,
  { why, by }: Ending,
  of: { readonly roles: readonly string[]; readonly nowMs: number },
): EndedIdentity {
  const { id, account, begun, seen, agent, address, proof = "none", terminal } = session;
  // noticed late, when the server starts again
  const overMs = Math.min(seen + (terminal?.idleMs ?? IDLE_MS), begun + LIFETIME_MS, terminal?.until ?? Infinity, of.nowMs);
  return {
    id: `session:${id}`,
    kind: "session",
    person: account,
    roles: of.roles,
    since: iso(begun),
    proof,
    ...(terminal !== undefined && { place: terminal.id }),
    seen: { time: iso(seen), address },
    ...(agent !== "" && { agent }),
    ended: { at: iso(why === "expired" ? overMs : of.nowMs), why, ...(by !== undefined && { by }) },
  };
}

export function endedMachine(machine: Machine, by: string | undefined, nowMs: number): EndedIdentity {
  const { id, name, kind = "machine", roles, created, createdBy, key, presented, seen } = machine;
  return {
    id,
    kind,
    name,
    roles,
    since: created,
    ...(createdBy !== undefined && { enrolledBy: createdBy }),
    proof: proofOf(machine),
    ...(key !== undefined && { did: didOfKey(key) }),
    ...(presented !== undefined && { issuer: presented.issuer }),
    ...(seen !== undefined && { seen }),
    ended: { at: iso(nowMs), why: "administrator", ...(by !== undefined && { by }) },
  };
}

export function endedTerminal(
  { id, name, place, created, createdBy, browser }: Terminal,
  by: string | undefined,
  nowMs: number,
): EndedIdentity {
  return {
    id,
    kind: "terminal",
    name,
    roles: ["viewer"],
    since: created,
    ...(createdBy !== undefined && { enrolledBy: createdBy }),
    proof: browser === undefined ? "none" : "browser",
    ...(place !== undefined && { place }),
    ended: { at: iso(nowMs), why: "administrator", ...(by !== undefined && { by }) },
  };
}

/** Of a key with which others read a world. */
export function endedLink({ id, name, since, by: enrolledBy, used }: KnownGuest, by: string, world: string): EndedIdentity {
  return {
    id,
    kind: "link",
    name,
    roles: ["viewer"],
    since: iso(since / 1_000),
    enrolledBy,
    proof: "link",
    place: world,
    ...(used !== undefined && { seen: { time: iso(used / 1_000) } }),
    ended: { at: iso(Date.now()), why: "administrator", by },
  };
}

export function proofOf({ key, token, presented }: Machine): EndedIdentity["proof"] {
  if (presented !== undefined) return "credential";
  if (key !== undefined) return "key";
  return token === undefined ? "none" : "token";
}

const iso = (ms: number): string => new Date(ms).toISOString();
