import { createHash } from "node:crypto";
import { message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";
import type { Principal } from "@doppelwerk/world";
import type { FastifyRequest } from "fastify";
import { readable } from "./readable-name.ts";

/** Keeps actor id ↔ name outside the log, so that a name can be erased. */
export interface Accounts {
  remember(id: string, name: string): void;
  nameOf(id: string): string | undefined;
  /** Forgets the name for good, on disk too. Errors: DW_UNAVAILABLE (it could not be written; the name stays). */
  erase(id: string): void;
}

/** Someone who looks around before he has chosen a name. */
export const NO_NAME = "Guest";

/** Who names nobody, as AAS clients do. */
export const NOBODY: Principal = { id: "person:anonymous", name: "anonymous", verified: false, roles: ["engineer"] };

/**
 * Who asks, without accounts: the browser's secret in `Doppelwerk-Person` makes an opaque id that others see but cannot speak for,
 * `Doppelwerk-Name` (percent-encoded UTF-8) is the name it chose. Never verified. No header: anonymous, as AAS clients are.
 */
export function personOf(request: Pick<FastifyRequest, "headers">, accounts: Accounts): Principal {
  const secret = request.headers["doppelwerk-person"];
  const encodedName = request.headers["doppelwerk-name"];
  if (typeof secret !== "string" || secret === "") return NOBODY;
  return personFrom(secret, typeof encodedName === "string" ? decodeName(encodedName) : NOBODY.name, accounts);
}

/** The id behind a browser's secret; the secret itself is kept nowhere. */
export function idOfSecret(secret: string): string {
  return `person:${createHash("sha256").update(secret).digest("hex").slice(0, 32)}`;
}

/** The same from a WebSocket's hello. */
export function personFrom(secret: string, name: string, accounts: Accounts): Principal {
  const seen = readable(name).trim();
  const chosen = seen === "" ? NO_NAME : seen;
  const id = idOfSecret(secret);
  accounts.remember(id, chosen);
  return { id, name: chosen, verified: false, roles: ["engineer"] };
}

function decodeName(encoded: string): string {
  try {
    const name = readable(decodeURIComponent(encoded)).trim();
    if (name === "") return NO_NAME;
    if ([...name].length <= 60) return name;
  } catch {
    // Falls through: a bad escape is the same refusal as an empty name.
  }
  throw new DoppelwerkError("DW_INVALID", message("server.headerDoppelwerkNameHoldsNoPercent"));
}
