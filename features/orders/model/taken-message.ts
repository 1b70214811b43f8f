import { faultsOf, message, type Message } from "@doppelwerk/kit";
import type { Instant } from "@doppelwerk/world";
import type {} from "../message-codes.ts";
import { correctionsAfter, MAX_REMEMBERED_MESSAGES, OrderFields, type RequestState, type StoredOrder } from "./order-kind.ts";
import type { OrderMessage } from "./order-message.ts";

/** What became of a message. `refused`: nothing is stored, and why. */
export type Taken =
  | { readonly kind: "stored"; readonly order: StoredOrder }
  | { readonly kind: "duplicate" }
  | { readonly kind: "outdated" }
  | { readonly kind: "refused"; readonly why: Message };

export interface TakenFrom {
  readonly source: string;
  readonly by: string;
  readonly now: Instant;
  /** Shell of a line by the name that a source has for it. */
  shellOf(line: string): string | undefined;
}

/** Applies one message to the order as it is. The same message twice, and one that is older than what is known, change nothing. */
export function takeMessage(before: StoredOrder | undefined, said: OrderMessage, { source, by, now, shellOf }: TakenFrom): Taken {
  if (before?.source !== undefined && before.source !== source)
    return { kind: "refused", why: message("orders.fault.ofOtherSource", { number: said.number }) };
  if (said.message !== undefined && before?.messages.includes(said.message) === true) return { kind: "duplicate" };
  const at = said.at ?? now;
  if (before !== undefined && before.source !== undefined && at < before.at) return { kind: "outdated" };
  if (before === undefined && said.kind !== "store" && said.kind !== "create" && said.product === undefined)
    return { kind: "refused", why: message("orders.fault.unknownOrder", { number: said.number }) };
  const { message: _message, at: _at, kind: _kind, ...given } = said;
  // what another system does not know of stays: the accepted sequence, and the order that it was split from
  const {
    messages = [],
    known = at,
    corrections: _corrections,
    shell: _shell,
    source: _source,
    at: _before,
    by: _by,
    ...kept
  } = before ?? {};
  const candidate = { ...kept, ...withoutNothing(given), state: stateAfter(before?.state, said), reason: said.reason };
  const read = OrderFields.safeParse(candidate);
  if (!read.success) return { kind: "refused", why: faultsOf(read.error.issues, candidate)[0]! };
  const shell = shellOf(read.data.line);
  const remembered = said.message === undefined ? messages : [...messages, said.message].slice(-MAX_REMEMBERED_MESSAGES);
  return {
    kind: "stored",
    order: {
      ...read.data,
      ...(shell !== undefined && { shell }),
      source,
      messages: remembered,
      at,
      known,
      by,
      corrections: correctionsAfter(before, read.data),
    },
  };
}

/** A message that says nothing of the state leaves it; one that creates again what was cancelled releases it. */
function stateAfter(before: RequestState | undefined, { kind, state }: OrderMessage): RequestState {
  if (kind === "hold") return "held";
  if (kind === "cancel") return "cancelled";
  if (kind === "close") return "closed";
  if (kind === "release" || kind === "create") return state ?? "released";
  return state ?? before ?? "released";
}

function withoutNothing<T extends object>(fields: T): Partial<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<T>;
}
