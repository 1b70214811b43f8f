import type { MessageCode } from "@doppelwerk/messages";
import type { Action, ErrorCode } from "@doppelwerk/world";
import type { z } from "zod";

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
export type Route = `${Method} /${string}`;

/** A part of a feature that may be called for one more release. */
export interface Deprecated {
  /** The day that it is deprecated since (`2026-11-28`): callers read it in the header of RFC 9745. */
  readonly since: string;
  /** The version that removes it. */
  readonly removedIn: string;
  /** What to use instead, as a caller would write it. */
  readonly use: string;
}

/** What an assistant is told of an endpoint that is also a tool of it. */
export interface Tool {
  readonly name: string;
  readonly effect: "read" | "write";
  readonly description: string;
}

/** Body or answer that is not JSON. */
export interface Octets {
  readonly octets: string;
}

export type Shape = z.ZodType;
export type AnswerShape = Shape | Octets | undefined;

export interface EndpointOptions {
  /** `alarms.list`: unique in the product, and for good. */
  readonly id: string;
  readonly route: Route;
  readonly summary: string;
  /** What the principal must be allowed to do; decided before anything is parsed. */
  readonly action: Action;
  /**
   * Where the branch of that decision stands: `params.branch`, `query.branch` or `body.branch`; without it: live. `record.KIND`: it is the branch of the
   * record whose id is `params.id`, as the open feature finds it (`branchOf.KIND`); who may not see that branch is answered as if there were no record.
   */
  readonly branch?: `${"params" | "query" | "body" | "record"}.${string}`;
  /** Where the id of the record stands that the call is about: who may not read it is answered as if it were not there. */
  readonly subject?: `${"params" | "query" | "body"}.${string}`;
  /**
   * What its feature calls what it does, where roles at places may tell it from other operations of the same `action`: `FEATURE.ACT` for them.
   * Default: the action.
   */
  readonly act?: { readonly name: string; readonly title: MessageCode };
  /**
   * What it does is decided again for each record that it does it to, by the handler or with the change: a role at any place lets in. Otherwise one for the
   * whole world or at the place of the subject does.
   */
  readonly isDecidedByRecord?: true;
  readonly query?: Shape;
  readonly body?: Shape | Octets;
  /** Undefined = nothing is answered (204). */
  readonly answer: AnswerShape;
  readonly status?: 200 | 201 | 202;
  /** The operation is a job, and this its answer (202) to who does not wait for the end of it: `Prefer: respond-async` of RFC 7240. */
  readonly accepted?: Shape;
  /** Codes beyond those of access and parsing; DW_FORBIDDEN where a rule beside the action refuses, such as that only an author withdraws. */
  readonly errors?: readonly ErrorCode[];
  readonly deprecated?: Deprecated;
  /** What it answers of people; absent where no answer names anybody. */
  readonly people?: PeopleInAnswer;
  readonly tool?: Tool;
  /**
   * Seconds within which the person must have proved to be there (passkey, code of an authenticator, or password), on a server with accounts; asked of whom
   * `action` is permitted (DW_PRESENCE). For an operation that needs it in some cases alone: `requirePresence` of the call.
   */
  readonly presence?: number;
  /** It is also answered to the key of a grant: whatever it answers comes through the view of who asks. */
  readonly isOpenToGuests?: true;
  /** It is answered to anybody, whoever that is: its handler looks at what comes with the request itself, and gets a view that may do nothing. */
  readonly isPublic?: true;
}

/**
 * Why an answer names people: as who wrote or did something, as who is here, as who has a role or a task, as who signed, who asks himself, or for who
 * administers them. Figures of performance or workload are none of these: rows of the field `list` of the answer that have fewer than five people
 * (`count`), and are not of who asks (`person`), are left out, and `withheld` says how many.
 */
export type PeopleInAnswer =
  | { readonly as: "author" | "presence" | "roster" | "signature" | "self" | "administration" }
  | { readonly as: "figures"; readonly list: string; readonly person: string; readonly count: string };

/** One operation of the own API, described once: route, typed call, OpenAPI, access check and assistant tool follow from it. */
export type Endpoint<O extends EndpointOptions = EndpointOptions> = O;

/** Checks what a compiler does not and returns it as it is; a bad one is a bug. */
export function endpoint<const O extends EndpointOptions>(options: O): Endpoint<O> {
  if (!/^[a-z][A-Za-z0-9]*(\.[a-z][A-Za-z0-9]*)+$/.test(options.id))
    throw new Error(`an endpoint is named feature.operation: ${options.id}`);
  if (options.deprecated && !/^\d{4}-\d{2}-\d{2}$/.test(options.deprecated.since))
    throw new Error(`${options.id}: deprecated since a day, such as 2026-11-28, not ${options.deprecated.since}`);
  checkTool(options);
  if (options.isPublic && (options.action !== "read" || options.branch !== undefined || options.subject !== undefined))
    throw new Error(`${options.id} is answered to anybody, so nothing is decided of who asks`);
  if (options.act !== undefined && (!/^[a-z][A-Za-z0-9]*$/.test(options.act.name) || options.action === "read"))
    throw new Error(`${options.id}: an act is one word of something that is done: ${options.act.name}`);
  const names = new Set([...options.route.matchAll(/:(\w+)/g)].map(([, name]) => name));
  for (const place of [options.branch, options.subject])
    if (place?.startsWith("params.") && !names.has(place.slice("params.".length)))
      throw new Error(`${options.id}: the route has no parameter ${place.slice("params.".length)}`);
  return options;
}

/** An assistant reads and works on branches; it approves, commands, enters, imports and administers nothing, and never edits live. */
function checkTool({ id, action, branch, tool }: EndpointOptions): void {
  if (tool === undefined) return;
  const allowed: readonly Action[] = tool.effect === "read" ? ["read"] : ["edit", "fork", "run", "propose", "comment"];
  if (!allowed.includes(action)) throw new Error(`${id} is no tool of an assistant: ${action}`);
  if (action === "edit" && branch === undefined) throw new Error(`${id} is no tool of an assistant: it edits live`);
}

/** What roles at places call what an operation does: `FEATURE.ACT`; undefined for one that only reads. */
export function actOf({ id, action, act }: EndpointOptions): string | undefined {
  return action === "read" ? undefined : `${id.split(".", 1)[0]}.${act?.name ?? action}`;
}

export type QueryOf<E extends EndpointOptions> = E["query"] extends z.ZodType<infer Q> ? Q : undefined;
export type BodyOf<E extends EndpointOptions> =
  E["body"] extends z.ZodType<infer B> ? B : E["body"] extends Octets ? OctetsBody : undefined;
/** What a handler returns. */
export type AnswerOf<E extends EndpointOptions> =
  | (E["answer"] extends z.ZodType ? z.input<E["answer"]> : E["answer"] extends Octets ? OctetsAnswer : void)
  | (E["accepted"] extends z.ZodType ? z.input<E["accepted"]> : never);

/** A body that is not JSON, while it comes in: it is read once, and no faster than it is used. */
export interface OctetsBody {
  /** Rejects where there are more of them than the server takes (413), and where the client breaks off. */
  readonly pieces: AsyncIterable<Uint8Array>;
  /** All of it in memory: for small bodies. */
  bytes(): Promise<Uint8Array>;
}

/** An answer that is not JSON: bytes at once, or as they come. */
export interface OctetsAnswer {
  readonly body: Uint8Array | AsyncIterable<Uint8Array | string>;
  /** Instead of the type of the contract. */
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Sent to every viewer who may read its subject. */
export interface TopicOptions {
  /** `alarms.changed`: unique in the product, and for good. */
  readonly id: string;
  readonly summary: string;
  readonly action: Action;
  /** Where the id of the record stands in the payload that it is about; without it everyone who may do `action` receives it. */
  readonly subject?: `payload.${string}`;
  /** Where the branch stands in the payload on which `action` is decided; without it: live. */
  readonly branch?: `payload.${string}`;
  readonly payload: Shape;
  /** Messages that wait for a viewer who is too slow for them; then the oldest of them are dropped, and the viewer is told how many. Default 1,000. */
  readonly queue?: { readonly bound: number; readonly overflow: "dropOldest" };
  readonly deprecated?: Deprecated;
}

export type Topic<O extends TopicOptions = TopicOptions> = O;

export function topic<const O extends TopicOptions>(options: O): Topic<O> {
  if (!/^[a-z][A-Za-z0-9]*(\.[a-z][A-Za-z0-9]*)+$/.test(options.id)) throw new Error(`a topic is named feature.thing: ${options.id}`);
  return options;
}

export type PayloadOf<T extends TopicOptions> = z.input<T["payload"]>;
