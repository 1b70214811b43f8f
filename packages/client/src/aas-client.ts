import {
  encodeId,
  parseValueText,
  writeValueText,
  type ConceptDescription,
  type OperationVariable,
  type Reference,
  type Shell,
  type SpecificAssetId,
  type Submodel,
  type SubmodelElement,
  type ValueOnly,
} from "@doppelwerk/aas";
import { message as messageOf, verbatim, type Message } from "@doppelwerk/messages";
import { DoppelwerkError, type ErrorCode } from "@doppelwerk/world";
import type { FetchLike, ResponseLike } from "./request.ts";

// The AAS API (IDTA-01002 3.1) of any server, ours or another's. Every call is a function of its own, so that a bundle holds only what is used.

export interface AasApi {
  /** Base URL of the API: `http://127.0.0.1:8420/api/v3`, or of a branch `…/worlds/default/branches/{branch}/api/v3`. */
  readonly url: string;
  readonly fetch: FetchLike;
  /** Sent with every request, for example who asks. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** What lists take: conditions, the size of a page (not of the whole), and a signal to give up. */
export interface ListOptions {
  readonly query?: Readonly<Record<string, string | undefined>>;
  readonly pageSize?: number;
  readonly signal?: unknown;
}

/** Where a submodel is asked for: in the repository, or through the shell that refers to it. */
export interface SubmodelPlace {
  readonly submodel: string;
  readonly shell?: string;
}

export interface ElementPlace extends SubmodelPlace {
  /** idShortPath, such as `Line.Stations[0].CycleTime`. */
  readonly path: string;
}

/** A value with what a value-only answer has no place for; quality and time only when the property shows a live signal. */
export interface ReadValue {
  readonly value: ValueOnly;
  readonly quality?: "good" | "uncertain" | "bad";
  /** ISO 8601. */
  readonly sourceTime?: string;
}

export interface RecentChange {
  readonly id: string;
  readonly createdAt: string;
  readonly updatedAt: string;
  /** Of a document that was deleted. */
  readonly deletedAt?: string;
}

/** A descriptor of a registry; what is not named here is kept. */
export interface Descriptor {
  readonly id: string;
  readonly idShort?: string;
  readonly endpoints?: readonly { readonly interface: string; readonly protocolInformation: { readonly href: string } }[];
  readonly [attribute: string]: unknown;
}

export interface OperationResult {
  readonly executionState: "Initiated" | "Running" | "Completed" | "Canceled" | "Failed" | "Timeout";
  readonly success?: boolean;
  readonly messages?: readonly { readonly text?: string; readonly code?: string }[];
  /** Of our own server: why it did not complete, for a screen of another language. */
  readonly reason?: Message;
  readonly outputArguments?: readonly OperationVariable[];
  readonly inoutputArguments?: readonly OperationVariable[];
}

export interface OperationArguments {
  readonly inputArguments?: readonly OperationVariable[];
  readonly inoutputArguments?: readonly OperationVariable[];
  /** xs:duration, such as `PT30S`. */
  readonly clientTimeoutDuration?: string;
}

/** One page of a list; without a cursor it is the last. */
export interface Page<T> {
  readonly paging_metadata?: { readonly cursor?: string };
  readonly result: readonly T[];
}

/** A page of what a query holds for. */
export interface QueryPage<T> extends Page<T> {
  /** Only where it was asked for, and only of our own server: which indexes were asked, and how many records. */
  readonly explanation?: {
    readonly indexes: readonly { readonly index: string; readonly value: string; readonly found: string }[];
    readonly candidates?: number;
    readonly evaluated: number;
    readonly isFull: boolean;
  };
}

/** Every item of a paged list, page by page as they are asked for. Stop by leaving the loop. */
export async function* listAll<T>(api: AasApi, path: string, options: ListOptions = {}): AsyncGenerator<T, void, void> {
  for (let cursor: string | undefined; ;) {
    const query = { ...options.query, limit: options.pageSize === undefined ? undefined : String(options.pageSize), cursor };
    const { paging_metadata, result } = await json<Page<T>>(api, "GET", path, { query, signal: options.signal });
    yield* result;
    cursor = paging_metadata?.cursor;
    if (cursor === undefined) return;
  }
}

/** One page of a list, for who keeps the cursor himself. */
export const getPage = <T>(api: AasApi, path: string, options: ListOptions & { readonly cursor?: string | undefined } = {}) =>
  json<Page<T>>(api, "GET", path, {
    query: { ...options.query, limit: options.pageSize === undefined ? undefined : String(options.pageSize), cursor: options.cursor },
    signal: options.signal,
  });

/** One page of what a query (AASQL in JSON) holds for. Errors: DW_INVALID with the place in the query. */
export const queryPage = <T>(
  api: AasApi,
  of: "shells" | "submodels" | "concept-descriptions" | "shell-descriptors" | "submodel-descriptors",
  query: unknown,
  options: { readonly pageSize?: number; readonly cursor?: string | undefined; readonly explain?: boolean; readonly signal?: unknown } = {},
) =>
  json<QueryPage<T>>(api, "POST", `/query/${of}`, {
    query: {
      limit: options.pageSize === undefined ? undefined : String(options.pageSize),
      cursor: options.cursor,
      explain: options.explain === true ? "true" : undefined,
    },
    body: query,
    signal: options.signal,
  });

export const listShells = (api: AasApi, options?: ListOptions) => listAll<Shell>(api, "/shells", options);
export const listSubmodels = (api: AasApi, options?: ListOptions) => listAll<Submodel>(api, "/submodels", options);
export const listConceptDescriptions = (api: AasApi, options?: ListOptions) =>
  listAll<ConceptDescription>(api, "/concept-descriptions", options);
export const listElements = (api: AasApi, place: SubmodelPlace, options?: ListOptions) =>
  listAll<SubmodelElement>(api, `${submodelPath(place)}/submodel-elements`, options);
export const listSubmodelReferences = (api: AasApi, shell: string, options?: ListOptions) =>
  listAll<Reference>(api, `/shells/${encodeId(shell)}/submodel-refs`, options);
export const listDescriptors = (api: AasApi, of: "shell" | "submodel", options?: ListOptions) =>
  listAll<Descriptor>(api, `/${of}-descriptors`, options);
export const listPackages = (api: AasApi, options?: ListOptions) =>
  listAll<{ readonly packageId: string; readonly aasIds: readonly string[] }>(api, "/packages", options);

/** 3.2 draft: what was made or written since, by the server's log. */
export const listRecentChanges = (
  api: AasApi,
  of: "shells" | "submodels" | "concept-descriptions" | "shell-descriptors",
  options?: ListOptions,
) => listAll<RecentChange>(api, `/${of}/$recent-changes`, options);

/** Ids of the shells that have every one of the asset ids. */
export async function* findShells(api: AasApi, links: readonly SpecificAssetId[], pageSize?: number): AsyncGenerator<string, void, void> {
  for (let cursor: string | undefined; ;) {
    const query = { limit: pageSize === undefined ? undefined : String(pageSize), cursor };
    const page: Page<string> = await json<Page<string>>(api, "POST", "/lookup/shellsByAssetLink", { query, body: links });
    yield* page.result;
    cursor = page.paging_metadata?.cursor;
    if (cursor === undefined) return;
  }
}

export const getShell = (api: AasApi, id: string) => json<Shell>(api, "GET", `/shells/${encodeId(id)}`);
export const putShell = (api: AasApi, shell: Shell) => json<void>(api, "PUT", `/shells/${encodeId(shell.id)}`, { body: shell });
export const deleteShell = (api: AasApi, id: string) => json<void>(api, "DELETE", `/shells/${encodeId(id)}`);

export const getSubmodel = (api: AasApi, place: SubmodelPlace) => json<Submodel>(api, "GET", submodelPath(place));
export const putSubmodel = (api: AasApi, submodel: Submodel, shell?: string) =>
  json<void>(api, "PUT", submodelPath({ submodel: submodel.id, ...(shell !== undefined && { shell }) }), { body: submodel });
/** Makes a submodel, and the reference of a shell to it where one is named (two calls: IDTA-01002 has none for both). */
export async function postSubmodel(api: AasApi, submodel: Submodel, shell?: string): Promise<void> {
  await json<void>(api, "POST", "/submodels", { body: submodel });
  if (shell === undefined) return;
  const reference: Reference = { type: "ModelReference", keys: [{ type: "Submodel", value: submodel.id }] };
  await json<void>(api, "POST", `/shells/${encodeId(shell)}/submodel-refs`, { body: reference });
}
export const deleteSubmodel = (api: AasApi, place: SubmodelPlace) => json<void>(api, "DELETE", submodelPath(place));

export const postShell = (api: AasApi, shell: Shell) => json<Shell>(api, "POST", "/shells", { body: shell });

export const getConceptDescription = (api: AasApi, id: string) =>
  json<ConceptDescription>(api, "GET", `/concept-descriptions/${encodeId(id)}`);
export const putConceptDescription = (api: AasApi, description: ConceptDescription) =>
  json<void>(api, "PUT", `/concept-descriptions/${encodeId(description.id)}`, { body: description });

export const postConceptDescription = (api: AasApi, description: ConceptDescription) =>
  json<ConceptDescription>(api, "POST", "/concept-descriptions", { body: description });
export const deleteConceptDescription = (api: AasApi, id: string) => json<void>(api, "DELETE", `/concept-descriptions/${encodeId(id)}`);

export const getElement = (api: AasApi, place: ElementPlace) => json<SubmodelElement>(api, "GET", elementPath(place));
export const putElement = (api: AasApi, place: ElementPlace, element: SubmodelElement) =>
  json<void>(api, "PUT", elementPath(place), { body: element });
/** Adds an element: to the end of a list when the place is one, else below the place under its idShort. */
export const postElement = (api: AasApi, place: ElementPlace | SubmodelPlace, element: SubmodelElement) =>
  json<void>(api, "POST", "path" in place ? elementPath(place) : `${submodelPath(place)}/submodel-elements`, { body: element });
export const deleteElement = (api: AasApi, place: ElementPlace) => json<void>(api, "DELETE", elementPath(place));

/** The value-only form with every digit kept, and what is known of a live value. */
export async function readValue(api: AasApi, place: ElementPlace, signal?: unknown): Promise<ReadValue> {
  const response = await send(api, "GET", `${elementPath(place)}/$value`, { signal });
  const quality = response.headers?.get("doppelwerk-quality") as ReadValue["quality"] | null | undefined;
  const sourceTime = response.headers?.get("doppelwerk-source-time");
  return {
    value: parseValueText(await response.text()),
    ...(quality !== null && quality !== undefined && { quality }),
    ...(sourceTime !== null && sourceTime !== undefined && { sourceTime }),
  };
}

/** Writes values at any depth, all or nothing. Errors: DW_CONFLICT also when the property shows a live signal. */
export async function writeValue(api: AasApi, place: ElementPlace | SubmodelPlace, value: ValueOnly): Promise<void> {
  const path = "path" in place ? elementPath(place) : submodelPath(place);
  await send(api, "PATCH", `${path}/$value`, { text: writeValueText(value) });
}

/** Replaces the metadata of a submodel or element; its values and what is below it stay. Operation and Capability have no metadata form: DW_INVALID. */
export async function writeMetadata(
  api: AasApi,
  place: ElementPlace | SubmodelPlace,
  metadata: Readonly<Record<string, unknown>>,
): Promise<void> {
  const path = "path" in place && place.path !== undefined ? elementPath(place) : submodelPath(place);
  await send(api, "PATCH", `${path}/$metadata`, { body: metadata });
}

/** 3.2 draft: an element as it stood at an instant (ISO 8601). */
export const getElementAt = (api: AasApi, place: ElementPlace, date: string) =>
  json<SubmodelElement>(api, "GET", `${elementPath(place)}/$history`, { query: { date } });
export const getShellAt = (api: AasApi, id: string, date: string) =>
  json<Shell>(api, "GET", `/shells/${encodeId(id)}/$history`, { query: { date } });
export const getSubmodelAt = (api: AasApi, id: string, date: string) =>
  json<Submodel>(api, "GET", `/submodels/${encodeId(id)}/$history`, { query: { date } });

/** Runs an Operation and waits for its end. An operation that fails is an answer, not an error. */
export async function invoke(api: AasApi, place: ElementPlace, given: OperationArguments, signal?: unknown): Promise<OperationResult> {
  const path = `${elementPath(place)}/invoke`;
  const response = await send(api, "POST", path, { body: given, signal });
  const reason = reasonIn(response.headers?.get("doppelwerk-reason"));
  return { ...(await jsonOf<OperationResult>(response, `POST ${urlOf(api, path)}`)), ...(reason && { reason }) };
}

export const getDescriptor = (api: AasApi, of: "shell" | "submodel", id: string) =>
  json<Descriptor>(api, "GET", `/${of}-descriptors/${encodeId(id)}`);
export const putDescriptor = (api: AasApi, of: "shell" | "submodel", descriptor: Descriptor) =>
  json<void>(api, "PUT", `/${of}-descriptors/${encodeId(descriptor.id)}`, { body: descriptor });
export const deleteDescriptor = (api: AasApi, of: "shell" | "submodel", id: string) =>
  json<void>(api, "DELETE", `/${of}-descriptors/${encodeId(id)}`);

/** The bytes of a File or Blob element. */
export async function readAttachment(api: AasApi, place: ElementPlace): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await (await send(api, "GET", `${elementPath(place)}/attachment`, {})).arrayBuffer());
}

/** Stores the file of a File or Blob element. `form` is a FormData of the runtime with `fileName` and `file`; its fetch writes the boundary. */
export async function writeAttachment(api: AasApi, place: ElementPlace, form: unknown): Promise<void> {
  await send(api, "PUT", `${elementPath(place)}/attachment`, { form });
}

/** The picture of a shell's asset. Errors: DW_NOT_FOUND. */
export async function readThumbnail(api: AasApi, shell: string): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await (await send(api, "GET", `/shells/${encodeId(shell)}/asset-information/thumbnail`, {})).arrayBuffer());
}

/** Stores the picture of a shell's asset; `form` as for `writeAttachment`. */
export async function writeThumbnail(api: AasApi, shell: string, form: unknown): Promise<void> {
  await send(api, "PUT", `/shells/${encodeId(shell)}/asset-information/thumbnail`, { form });
}

function submodelPath({ submodel, shell }: SubmodelPlace): string {
  return `${shell === undefined ? "" : `/shells/${encodeId(shell)}`}/submodels/${encodeId(submodel)}`;
}

function elementPath(place: ElementPlace): string {
  return `${submodelPath(place)}/submodel-elements/${encodeURIComponent(place.path)}`;
}

interface Sent {
  readonly query?: Readonly<Record<string, string | undefined>>;
  readonly body?: unknown;
  readonly text?: string;
  readonly form?: unknown;
  readonly signal?: unknown;
}

async function json<R>(api: AasApi, method: string, path: string, sent: Sent = {}): Promise<R> {
  return jsonOf(await send(api, method, path, sent), `${method} ${urlOf(api, path)}`);
}

async function jsonOf<R>(response: ResponseLike, call: string): Promise<R> {
  const text = await response.text();
  try {
    return (text === "" ? undefined : JSON.parse(text)) as R;
  } catch {
    // A page of a proxy or a login, as a rule.
    throw new DoppelwerkError("DW_UNAVAILABLE", messageOf("client.answerNotJson", { call, text: text.slice(0, 80) }));
  }
}

function urlOf({ url }: AasApi, path: string): string {
  return url.replace(/\/$/, "") + path;
}

async function send(api: AasApi, method: string, path: string, { query, body, text, form, signal }: Sent): Promise<ResponseLike> {
  const content = text ?? (body === undefined ? undefined : JSON.stringify(body));
  const given = Object.entries(query ?? {}).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const suffix = given.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join("&");
  let response: ResponseLike;
  try {
    response = await api.fetch(urlOf(api, path) + (suffix === "" ? "" : `?${suffix}`), {
      method,
      headers: { ...api.headers, ...(content !== undefined && { "Content-Type": "application/json" }) },
      ...(content !== undefined && { body: content }),
      ...(form !== undefined && { body: form as string }),
      ...(signal !== undefined && { signal }),
    });
  } catch (error) {
    const { name, message, cause } = error as Error & { readonly cause?: { readonly code?: string } };
    // Node says "fetch failed", and why in the cause.
    const why = cause?.code === undefined ? message : `${message} (${cause.code})`;
    throw new DoppelwerkError(name === "AbortError" ? "DW_CANCELLED" : "DW_UNAVAILABLE", verbatim(`${method} ${urlOf(api, path)}: ${why}`));
  }
  if (!response.ok) throw refusalOf(response.status, await response.text(), reasonIn(response.headers?.get("doppelwerk-reason")));
  return response;
}

const codes: Readonly<Record<number, ErrorCode>> = {
  400: "DW_INVALID",
  403: "DW_FORBIDDEN",
  404: "DW_NOT_FOUND",
  409: "DW_CONFLICT",
  412: "DW_CHANGED",
};

/** A Result of IDTA-01002 as an error: its first message, the others in the details. */
function refusalOf(status: number, text: string, reason: Message | undefined): DoppelwerkError {
  let messages: readonly { readonly text?: string }[] = [];
  try {
    messages = (JSON.parse(text) as { readonly messages?: typeof messages }).messages ?? [];
  } catch {
    // Not every server answers with a Result: then the status is all there is.
  }
  return new DoppelwerkError(
    codes[status] ?? (status < 500 ? "DW_INVALID" : "DW_UNAVAILABLE"),
    reason ?? (messages[0]?.text === undefined ? messageOf("client.serverAnswered", { status }) : verbatim(messages[0].text)),
    { status, messages },
  );
}

/** What a server of ours says beside its Result, for a screen of another language. */
function reasonIn(header: string | null | undefined): Message | undefined {
  try {
    return header ? (JSON.parse(decodeURIComponent(header)) as Message) : undefined;
  } catch {
    return undefined;
  }
}
