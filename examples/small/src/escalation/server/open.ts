import { SECOND, type Instant } from "@doppelwerk/kit";
import type { Open } from "@doppelwerk/kit/server";
import { alarmFold, type ConcludedAlarm } from "@doppelwerk/ports";
import { raised, type Escalation } from "../contract.ts";
import type { escalation } from "../feature.ts";

// #region open
const LOOK_EVERY_MS = 1_000;

export const open: Open<typeof escalation> = async (ctx) => {
  const fold = ctx.use(alarmFold);
  const { afterS } = ctx.settings;
  /** Annunciations that were pushed already. */
  let pushed = new Set<string>();

  async function look(): Promise<void> {
    const now = ctx.now();
    const waiting = (await fold.at(undefined)).filter((concluded) => waitsS(concluded, now) >= afterS);
    for (const concluded of waiting) if (!pushed.has(keyOf(concluded))) ctx.publish(raised, escalationOf(concluded, now), concluded.inputs);
    // what was acknowledged meanwhile may escalate again
    pushed = new Set(waiting.map(keyOf));
  }

  const timer = setInterval(() => {
    look().catch((error: unknown) => ctx.log.error({ err: error }, "alarms could not be escalated"));
  }, LOOK_EVERY_MS);
  return {
    handlers: {
      "escalation.list": async ({ view }) => {
        const now = ctx.now();
        return (await fold.at(undefined))
          .filter((concluded) => waitsS(concluded, now) >= afterS && concluded.inputs.every((signal) => view.mayReadSignal(signal)))
          .map((concluded) => escalationOf(concluded, now))
          .sort((a, b) => b.waitsS - a.waitsS);
      },
    },
    ports: {},
    close: async () => clearInterval(timer),
  };
};
// #endregion

/** How long it has waited to be acknowledged; 0 where somebody did. */
function waitsS({ alarm }: ConcludedAlarm, now: Instant): number {
  return alarm.state === "unacknowledged" ? (now - alarm.since) / SECOND : 0;
}

function escalationOf(concluded: ConcludedAlarm, now: Instant): Escalation {
  const { rule, title, priority, since } = concluded.alarm;
  return { alarm: rule, title, priority, since, waitsS: waitsS(concluded, now) };
}

function keyOf({ alarm }: ConcludedAlarm): string {
  return `${alarm.rule} ${alarm.since}`;
}
