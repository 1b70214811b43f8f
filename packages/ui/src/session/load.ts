import type { ArgumentsOf, Callable, CallTo, LineInfo, ListedLine } from "@doppelwerk/client";
import type { BranchId } from "@doppelwerk/world";
import type { Studio } from "./studio.ts";

/** Kinds of the records that say what the plant is: its shells with their submodels, and its signals. */
export const plantKinds = ["shell", "submodel", "element", "signal"] as const;

/** What changes an answer, as the live session reports it. */
export interface ChangedBy {
  /** Kinds of records (`alarmRule`), whose commits change the answer, and nothing else does: it is kept and not asked for again until one comes. */
  readonly kinds?: readonly string[];
  /** Topics by id, and which of their payloads say that the answer is another one. */
  readonly topics?: Readonly<Record<string, (payload: unknown) => boolean>>;
}

/** Something to load under a name. Loads of one key share one request and one value, so the key says everything that the answer depends on. */
export interface Load<Value> {
  readonly key: readonly unknown[];
  readonly run: (studio: Studio, signal: AbortSignal) => Promise<Value>;
  readonly changedBy?: ChangedBy;
}

/** A line of a branch; without an id the first. */
export function lineOf(branch: BranchId, line?: string): Load<LineInfo> {
  return { key: ["GET /line", { query: { branch, line } }], run: (studio, signal) => studio.client.line(branch, { line, signal }) };
}

/** The lines of a branch, in their order. */
export function linesOf(branch: BranchId): Load<readonly ListedLine[]> {
  return {
    key: ["lines of a branch", branch],
    run: (studio, signal) => studio.client.lines(branch, { signal }),
    changedBy: { kinds: plantKinds },
  };
}

type AnswerOf<Call> = Call extends (...given: never) => Promise<infer Answer> ? Answer : never;

/** The answer of an endpoint to these arguments; the key is its route with them. */
export function answerOf<E extends Callable>(endpoint: CallTo<E>, given: ArgumentsOf<E>, changedBy?: ChangedBy): Load<AnswerOf<CallTo<E>>> {
  return {
    key: [endpoint.route, given],
    run: (studio, signal) => endpoint(studio.client, given, { signal }) as Promise<AnswerOf<CallTo<E>>>,
    ...(changedBy && { changedBy }),
  };
}
