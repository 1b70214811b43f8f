import { SECOND, type Clock, type ConditionNotice } from "@doppelwerk/world";
import { formatAddress, parseAddress } from "./address.ts";
import type { ConditionReport } from "./conditions.ts";
import type { Intake } from "./intake.ts";
import type { Link } from "./link.ts";

const MAX_TEXT = 2_000;
const MAX_USER = 200;
const MAX_ID = 128;

/** Events of conditions as notices, one notice for what came together. */
export class ConditionReports {
  readonly #clock: Clock;
  readonly #tell: (events: readonly ConditionNotice[]) => void;
  #waiting: ConditionNotice[] = [];

  constructor(clock: Clock, tell: (events: readonly ConditionNotice[]) => void) {
    this.#clock = clock;
    this.#tell = tell;
  }

  add(
    event: ConditionReport,
    index: number,
    { link, intake, refreshed }: { readonly link: Link; readonly intake: Intake; readonly refreshed: boolean },
  ): void {
    const { eventId, branch, time, state, severity, retain } = event;
    const now = this.#clock.now();
    const correction = intake.correction(index);
    const told = time === undefined || time.getTime() <= 0 ? now : time.getTime() * 1_000 + correction;
    const [comment, user] = [event.comment.slice(0, MAX_TEXT), event.user.slice(0, MAX_USER)];
    const sourceNode = addressOf(event.sourceNode, link.namespaces);
    this.#waiting.push({
      index,
      eventId: eventId.subarray(0, MAX_ID).toString("hex"),
      ...(branch === undefined ? {} : { branch: branch.slice(0, MAX_TEXT) }),
      // nothing was said before it happened
      at: Math.min(told, now),
      ...(correction === 0 ? {} : { aheadS: -correction / SECOND }),
      state,
      severity,
      message: event.message.slice(0, MAX_TEXT),
      ...(comment === "" ? {} : { comment }),
      ...(user === "" ? {} : { user }),
      ...(sourceNode === undefined ? {} : { sourceNode }),
      retain,
      ...(refreshed ? { refreshed } : {}),
    });
  }

  flush(): void {
    if (this.#waiting.length === 0) return;
    const events = this.#waiting;
    this.#waiting = [];
    this.#tell(events);
  }
}

function addressOf(nodeId: string, namespaces: readonly string[]): string | undefined {
  const node = parseAddress(nodeId);
  if (node === undefined) return undefined;
  return formatAddress(node.namespaceIndex === 0 ? undefined : (namespaces[node.namespaceIndex ?? 0] ?? ""), node.identifier);
}
