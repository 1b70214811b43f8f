import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { DoppelwerkError, fault, message, z } from "@doppelwerk/kit";
import { faultsOf } from "@doppelwerk/messages/faults";
import type {} from "../../message-codes.ts";
import { ChannelFields, MailAddress } from "../../model/channel-kind.ts";

const url = z
  .string()
  .max(500)
  .regex(/^https?:\/\/[^\s/?#]+\/?$/, fault(message("notifications.faultWebAddress")));

// #region config
/** The file of a watchdog. Paths are seen from it. */
const shape = z.strictObject({
  /** What it is called in its messages, and at the server. */
  name: z.string().trim().min(1).max(60),
  server: z.strictObject({
    url,
    /** File of the authority (PEM) that its certificate is of, where that is the server's own. */
    ca: z.string().optional(),
    /** File with the token of a machine that may read; without one only the health of the server is watched. */
    token: z.string().optional(),
    /** World whose inputs are watched; absent: that of the short addresses. */
    world: z.string().max(60).optional(),
  }),
  everyS: z.number().min(1).max(3_600).default(15),
  /** Looks in a row that have to agree. */
  looks: z.int().min(1).max(100).default(3),
  inputs: z
    .strictObject({
      /** Age of its newest value from which on an input is lost. */
      maxAgeS: z.number().min(1).max(86_400).default(120),
      /** Names of connections; none: all that are enabled. */
      only: z.array(z.string()).default([]),
    })
    .prefault({}),
  /** It is said again after so many minutes; 0: never. */
  repeatMinutes: z.number().min(0).max(1_440).default(60),
  /** How somebody is notified; `to`: mail addresses, for a mail server. Its own secrets are in this file, so only its user may read it. */
  channels: z
    .array(z.strictObject({ channel: ChannelFields, to: z.array(MailAddress).max(20).default([]) }))
    .min(1)
    .max(10),
  /** Address that is asked while the watchdog works: a service that misses it says that the watchdog stopped. */
  ping: z.strictObject({ url: z.string().max(2_000), everyS: z.number().min(10).max(86_400).default(60) }).optional(),
  /** File with what it knows, so that a restart says nothing twice. */
  state: z.string().default("watchdog-state.json"),
});
// #endregion
export type WatchdogConfig = z.output<typeof shape>;

/** Errors: DW_INVALID with everything that is wrong. */
export function readConfig(path: string): WatchdogConfig {
  const bad = (reason: Parameters<typeof message<"notifications.watch.config">>[1]["reason"]): DoppelwerkError =>
    new DoppelwerkError("DW_INVALID", message("notifications.watch.config", { path, reason }));
  let given: unknown;
  try {
    given = JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    throw bad((error as Error).message);
  }
  const parsed = shape.safeParse(given);
  if (!parsed.success) throw bad(faultsOf(parsed.error.issues, given));
  const from = (file: string | undefined): string | undefined => (file === undefined ? undefined : resolve(dirname(path), file));
  const { server, state } = parsed.data;
  const [ca, token] = [from(server.ca), from(server.token)];
  return {
    ...parsed.data,
    state: from(state)!,
    server: { ...server, ...(ca !== undefined && { ca }), ...(token !== undefined && { token }) },
  };
}
