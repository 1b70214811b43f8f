import { SECOND, type Instant } from "@doppelwerk/world";
import { message, type Message } from "@doppelwerk/kit";
import type {} from "../../message-codes.ts";

/** What was seen when the server was asked once. `inputs` is absent where they could not be read. */
export interface Look {
  readonly at: Instant;
  /** Why it does not work; undefined: it does. */
  readonly trouble?: Message;
  readonly inputs?: readonly { readonly id: string; readonly name: string; readonly state: string; readonly at?: Instant | undefined }[];
}

export interface WatchOptions {
  readonly url: string;
  /** Looks in a row that have to agree before it is said: one that failed is none. */
  readonly looks: number;
  /** Age of the newest value of an input from which on it is lost. */
  readonly maxAgeS: number;
  /** After so many seconds without a change it is said again; 0: never. */
  readonly repeatS: number;
}

/** What is known between two looks; kept over a restart, so that nothing is said twice. */
export interface Known {
  readonly isDown: boolean;
  /** Since when it is as it is. */
  readonly since: Instant;
  /** Looks in a row that say otherwise. */
  readonly against: number;
  /** When the first of them was. */
  readonly first?: Instant | undefined;
  /** When it was said last. */
  readonly said: Instant;
  readonly lost: Readonly<Record<string, { readonly name: string; readonly isLost: boolean; readonly against: number }>>;
}

export interface Announcement {
  readonly subject: Message;
  readonly text: readonly Message[];
}

export const begun = (now: Instant): Known => ({ isDown: false, since: now, against: 0, said: now, lost: {} });

/** What a look changes, and what is to be said of it. */
export function watch(
  known: Known,
  look: Look,
  options: WatchOptions,
  timeText: (instant: Instant) => string,
): { readonly known: Known; readonly said: readonly Announcement[] } {
  const server = watchServer(known, look, options, timeText);
  // of a server that does not work nothing is known
  if (server.known.isDown || look.inputs === undefined) return server;
  const inputs = watchInputs(server.known, look, options, timeText);
  return { known: inputs.known, said: [...server.said, ...inputs.said] };
}

function watchServer(known: Known, { at, trouble }: Look, { url, looks, repeatS }: WatchOptions, timeText: (instant: Instant) => string) {
  const isDown = trouble !== undefined;
  const downText = (since: Instant): Announcement => ({
    subject: message("notifications.watch.down"),
    text: [message("notifications.watch.downText", { url, time: timeText(since), reason: trouble ?? "" })],
  });
  if (isDown === known.isDown) {
    const steady: Known = { ...known, against: 0, first: undefined };
    if (!isDown || repeatS === 0 || at - known.said < repeatS * SECOND) return { known: steady, said: [] };
    return { known: { ...steady, said: at }, said: [downText(known.since)] };
  }
  const [against, first] = [known.against + 1, known.first ?? at];
  if (against < looks) return { known: { ...known, against, first }, said: [] };
  const changed: Known = { ...known, isDown, since: first, against: 0, first: undefined, said: at };
  if (isDown) return { known: changed, said: [downText(first)] };
  const duration = `${Math.round((first - known.since) / (60 * SECOND))} min`;
  return {
    known: changed,
    said: [
      {
        subject: message("notifications.watch.back"),
        text: [message("notifications.watch.backText", { url, time: timeText(first), duration })],
      },
    ],
  };
}

function watchInputs(known: Known, { at, inputs = [] }: Look, { looks, maxAgeS }: WatchOptions, timeText: (instant: Instant) => string) {
  const lost: Record<string, Known["lost"][string]> = {};
  const [gone, back]: [Message[], Message[]] = [[], []];
  for (const input of inputs) {
    const before = known.lost[input.id] ?? { name: input.name, isLost: false, against: 0 };
    const isLost = input.at === undefined || at - input.at > maxAgeS * SECOND;
    const against = isLost === before.isLost ? 0 : before.against + 1;
    const isChanged = against >= looks;
    lost[input.id] = { name: input.name, isLost: isChanged ? isLost : before.isLost, against: isChanged ? 0 : against };
    if (!isChanged) continue;
    const named = { input: input.name, state: input.state };
    if (!isLost) back.push(message("notifications.watch.foundText", { input: input.name, time: timeText(input.at!) }));
    else if (input.at === undefined) gone.push(message("notifications.watch.lostEver", named));
    else gone.push(message("notifications.watch.lostText", { ...named, time: timeText(input.at) }));
  }
  const said: Announcement[] = [];
  if (gone.length > 0) said.push({ subject: message("notifications.watch.lost", { count: gone.length }), text: gone });
  if (back.length > 0) said.push({ subject: message("notifications.watch.found", { count: back.length }), text: back });
  return { known: { ...known, lost }, said };
}
