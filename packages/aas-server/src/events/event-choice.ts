import { isQueryProblem, parseQuery, type Query } from "@doppelwerk/aas/query";
import { decodeId } from "@doppelwerk/aas";
import { EVENT_KINDS, EVENT_TYPES } from "@doppelwerk/ports";
import { message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";
import { z } from "zod";

const listOf = <T extends string>(known: readonly T[]) =>
  z
    .string()
    .transform((text) => text.split(","))
    .pipe(z.array(z.enum(known)).min(1))
    .transform((items) => new Set(items));

/** Types of events with commas between them, such as `created,valueChanged`. */
export const eventTypes = listOf(EVENT_TYPES);
/** Kinds of things that events are about, with commas between them, such as `shells,elements`. */
export const eventKinds = listOf(EVENT_KINDS);

/** A query for submodels that narrows a stream: its JSON, or the text of that in base64url. Throws DW_INVALID with the place of what is wrong. */
export function eventQueryOf(given: string | object): Query {
  let json: unknown = given;
  if (typeof given === "string") {
    const text = decodeId(given);
    try {
      json = JSON.parse(typeof text === "string" ? text : "");
    } catch {
      throw new DoppelwerkError("DW_INVALID", message("aasServer.queryJsonAasQueryBase64url"));
    }
  }
  const read = parseQuery(json, "submodels");
  if (isQueryProblem(read))
    throw new DoppelwerkError("DW_INVALID", message("aasServer.queryNotValid", { path: read.path || "/", reason: read.reason }));
  return read;
}
