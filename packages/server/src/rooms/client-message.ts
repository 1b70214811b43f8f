import { isDeeperThan } from "@doppelwerk/aas";
import { changesBody } from "@doppelwerk/kit";
import { message } from "@doppelwerk/messages";
import type { ClientMessage } from "@doppelwerk/sync";
import { DoppelwerkError } from "@doppelwerk/world";
import { z } from "zod";
import { faultsOf } from "../http/query.ts";

const id = z.string().min(1).max(2048);

const presence = z.object({
  branch: id,
  selection: z.string().max(2048).optional(),
  pointer: z.tuple([z.number(), z.number(), z.number()]).optional(),
  view: z.string().max(64).optional(),
  at: z.number().optional(),
  editing: z.string().max(2048).optional(),
});

const clientMessage = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("hello"),
    samplesFrame: z.number().int().positive().optional(),
    reportsFrames: z.boolean().optional(),
    protocol: z.number(),
    name: z.string(),
    client: z.string().min(8).max(200),
    branch: id,
    sinceRevision: z.number().optional(),
  }),
  z.object({ kind: z.literal("subscribe"), signals: z.union([z.literal("all"), z.array(id).max(100_000)]) }),
  z.object({ kind: z.literal("documents"), branch: id, kinds: z.array(z.string().max(64)).max(32).optional() }),
  z.object({ kind: z.literal("presence"), presence }),
  z.object({ kind: z.literal("push"), clientId: id, branch: id, reason: z.string().max(2_000), changes: changesBody }),
  z.object({ kind: z.literal("undo"), clientId: id, branch: id }),
  z.object({ kind: z.literal("ping"), t: z.number() }),
  z.object({
    kind: z.literal("shown"),
    trace: z.string().max(64),
    receivedAt: z.number(),
    drawnAt: z.number(),
    reportedAt: z.number(),
    view: z.string().max(64).optional(),
  }),
]);

/** As of a body over HTTP. */
const MAX_JSON_DEPTH = 200;

/** Text of one frame → message. Throws DW_INVALID that names what is wrong and where. */
export function parseClientMessage(text: string): ClientMessage {
  if (isDeeperThan(text, MAX_JSON_DEPTH))
    throw new DoppelwerkError("DW_INVALID", message("server.messageNestedDeeperLevels", { max: MAX_JSON_DEPTH }));
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new DoppelwerkError("DW_INVALID", message("server.messageNotJson", { reason: (error as Error).message }));
  }
  const parsed = clientMessage.safeParse(value);
  if (!parsed.success)
    throw new DoppelwerkError("DW_INVALID", message("server.messageMalformed", { error: faultsOf(parsed.error.issues, value) }));
  return parsed.data as ClientMessage;
}
