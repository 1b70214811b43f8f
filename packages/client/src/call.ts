import type { Query, Requester } from "./request.ts";

/** `{ alarm: string }` of `POST /alarms/:alarm/shelve`. */
export type ParamsOf<R extends string> = R extends `${string}:${infer Name}/${infer Rest}`
  ? { readonly [K in Name]: string } & ParamsOf<`/${Rest}`>
  : R extends `${string}:${infer Name}`
    ? { readonly [K in Name]: string }
    : unknown;

/** An endpoint as a caller needs to know it; only its type is imported, so that no schema comes into a browser. */
export interface Callable {
  readonly route: string;
  readonly query?: unknown;
  readonly body?: unknown;
  readonly answer: unknown;
}

type SentOf<Shape> = Shape extends { readonly _zod: { readonly input: infer Input } } ? Input : Uint8Array<ArrayBuffer>;
type ReceivedOf<Shape> = Shape extends { readonly _zod: { readonly output: infer Output } }
  ? Output
  : Shape extends undefined
    ? void
    : Uint8Array<ArrayBuffer>;

export type ArgumentsOf<E extends Callable> = (unknown extends ParamsOf<E["route"]> ? unknown : { readonly params: ParamsOf<E["route"]> }) &
  (E extends { readonly query: infer Shape }
    ? {} extends SentOf<Shape>
      ? { readonly query?: SentOf<Shape> }
      : { readonly query: SentOf<Shape> }
    : unknown) &
  (E extends { readonly body: infer Shape }
    ? {} extends SentOf<Shape>
      ? { readonly body?: SentOf<Shape> }
      : { readonly body: SentOf<Shape> }
    : unknown);

/** Who calls: a client, or anything that carries requests for one person. */
export interface Caller {
  readonly requester: Requester;
}

export interface CallOptions {
  /** An AbortSignal of the runtime. */
  readonly signal?: unknown;
}

/** Rejects with DoppelwerkError, as every call. Without arguments where the endpoint takes none. */
export interface CallTo<E extends Callable> {
  (
    caller: Caller,
    ...rest: {} extends ArgumentsOf<E> ? [call?: ArgumentsOf<E>, options?: CallOptions] : [call: ArgumentsOf<E>, options?: CallOptions]
  ): Promise<ReceivedOf<E["answer"]>>;
  /** `GET /alarms/:id`: names the endpoint. */
  readonly route: E["route"];
}

/** The typed call of an endpoint: `call<typeof list>("GET /alarms")`. Another route than the endpoint's does not compile. */
export function call<E extends Callable>(
  route: E["route"],
  answers: E["answer"] extends { readonly octets: string } ? "octets" : "json",
): CallTo<E> {
  const [method, path] = route.split(" ") as [string, string];
  const send = async (
    caller: Caller,
    given: { params?: Record<string, string>; query?: Record<string, unknown>; body?: unknown } = {},
    options: CallOptions = {},
  ) => {
    const filled = path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(given.params?.[name] ?? ""));
    const request = {
      ...(given.query && { query: queryOf(given.query) }),
      ...(given.body !== undefined && { body: given.body }),
      ...(options.signal !== undefined && { signal: options.signal }),
    };
    return answers === "octets" ? caller.requester.bytes(filled, request) : caller.requester.json(method, filled, request);
  };
  return Object.assign(send, { route }) as unknown as CallTo<E>;
}

/** Lists travel with commas. */
function queryOf(query: Readonly<Record<string, unknown>>): Query {
  return Object.fromEntries(
    Object.entries(query).map(([name, value]) => [name, value === undefined || typeof value === "number" ? value : String(value)]),
  );
}
