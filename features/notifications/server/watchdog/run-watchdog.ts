import { setTimeout as sleep } from "node:timers/promises";
import { DoppelwerkError } from "@doppelwerk/kit";
import { OwnAddresses } from "../../model/channel-kind.ts";
import { sendBy } from "../send-by.ts";
import { readConfig, type WatchdogConfig } from "./config.ts";
import { Watchdog } from "./watchdog.ts";

const now = (): number => Date.now() * 1_000;
const log = (text: string): void => console.log(`${new Date().toISOString()} ${text}`);

/** Until it is ended by a signal. Errors: DW_INVALID for a configuration that cannot be used; with `isCheck` what a channel or the server says. */
export async function runWatchdog(path: string, isCheck: boolean): Promise<void> {
  const config = readConfig(path);
  if (isCheck) return check(config);
  const watchdog = new Watchdog({ config, now, log });
  const stop = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => stop.abort());
  log(`${config.name} watches ${config.server.url} every ${config.everyS} s`);
  while (!stop.signal.aborted) {
    await watchdog.round();
    await sleep(config.everyS * 1_000, undefined, { signal: stop.signal }).catch(() => {
      // ended meanwhile
    });
  }
  watchdog.close();
}

/** Every channel is tried, and what the first one that fails says is the answer. */
async function check(config: WatchdogConfig): Promise<void> {
  const id = `watchdog-test-${Date.now()}`;
  const content = { id, made: now(), alarms: [], more: 0, expired: 0, isTest: true, world: config.name };
  let failure: DoppelwerkError | undefined;
  for (const { channel, to } of config.channels) {
    const readers = OwnAddresses.parse({ mail: to.slice(0, 3), language: channel.language, timeZone: channel.timeZone });
    const outcome = await sendBy({ ...channel, allowPrivate: true }, readers, content, Date.now());
    log(`${channel.name}: ${outcome.kind}`);
    if (outcome.kind !== "sent") failure ??= new DoppelwerkError("DW_UNAVAILABLE", outcome.reason);
  }
  if (failure !== undefined) throw failure;
}
