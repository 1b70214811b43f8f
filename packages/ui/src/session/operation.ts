import { call, type ArgumentsOf, type CallOptions, type Caller } from "@doppelwerk/client";
import type { ChangedBy, Load } from "./load.ts";

/** Values for the places of a route, its query and its body. */
export interface GivenToOperation {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly body?: unknown;
}

/** The call of an operation that is declared as data. Rejects with DoppelwerkError. */
export interface Operation<Answer> {
  (caller: Caller, given?: GivenToOperation, options?: CallOptions): Promise<Answer>;
  /** `GET /packs/brewery/batches`. */
  readonly route: string;
}

interface AnyEndpoint {
  readonly route: string;
  readonly answer: { readonly _zod: { readonly output: unknown } };
}

/** `operation<readonly Batch[]>("GET /packs/brewery/batches")`: an operation of a pack's manifest; `Answer` is what its schema says. */
export function operation<Answer>(route: string): Operation<Answer> {
  const send = call<AnyEndpoint>(route, "json");
  const typed = (caller: Caller, given?: GivenToOperation, options?: CallOptions): Promise<Answer> =>
    send(caller, given as ArgumentsOf<AnyEndpoint>, options) as Promise<Answer>;
  return Object.assign(typed, { route });
}

/** What an operation answers to these values, for `useLoad`. */
export function loadOf<Answer>(asked: Operation<Answer>, given: GivenToOperation = {}, changedBy?: ChangedBy): Load<Answer> {
  return {
    key: [asked.route, given],
    run: (studio, signal) => asked(studio.client, given, { signal }),
    ...(changedBy && { changedBy }),
  };
}
