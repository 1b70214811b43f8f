import { API_BASE, createClient, worldPath, type Client } from "@doppelwerk/client";
import { message } from "@doppelwerk/messages";
import { DoppelwerkError, type Clock } from "@doppelwerk/world";

/** A world of a Doppelwerk server. */
export interface WorldAddress {
  /** Origin of the server. */
  readonly server: string;
  /** Undefined: that of the short addresses. */
  readonly world: string | undefined;
}

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/** An address as people paste it, or as a connection keeps it (`world+https:`). Errors: DW_INVALID; a key goes over the network under TLS only. */
export function readWorldAddress(text: string): WorldAddress {
  const plain = text.trim().replace(/^world\+/, "");
  const url = URL.canParse(plain) ? new URL(plain) : undefined;
  const world = url && /^\/(?:worlds\/(?<name>[a-z0-9-]{1,63})\/?)?$/.exec(url.pathname);
  if (
    url === undefined ||
    world === null ||
    world === undefined ||
    !/^https?:$/.test(url.protocol) ||
    url.username !== "" ||
    url.search !== ""
  )
    throw new DoppelwerkError("DW_INVALID", message("connectors.worldAddressLooksLike", { url: text.slice(0, 200) }));
  if (url.protocol === "http:" && !LOOPBACK.test(url.hostname))
    throw new DoppelwerkError("DW_INVALID", message("connectors.worldAddressNeedsTls", { host: url.host }));
  const name = world.groups?.["name"];
  return { server: url.origin, world: name === "default" ? undefined : name };
}

/** Speaks to a world with the key that it gave out. */
export function clientOfWorld({ server, world }: WorldAddress, key: string, clock: Clock, stop?: AbortSignal): Client {
  return createClient({
    baseUrl: server,
    ...(world !== undefined && { world }),
    person: { id: key, name: "link" },
    fetch: (url, { headers, signal, ...init }) =>
      fetch(url, {
        ...init,
        headers: { ...headers, ...keyHeader(key) },
        redirect: "error",
        signal: AbortSignal.any([
          AbortSignal.timeout(ANSWER_MS),
          ...[stop, signal as AbortSignal | undefined].filter((one) => one !== undefined),
        ]),
      }),
    WebSocket: globalThis.WebSocket as never,
    after(milliseconds, run) {
      const timer = setTimeout(run, milliseconds);
      return () => clearTimeout(timer);
    },
    now: () => clock.now(),
  });
}

/** What the world answers at a path of its own API, as it comes; undefined where it refuses. Rejects where it is not reached. */
export async function octetsOfWorld(
  { server, world }: WorldAddress,
  key: string,
  path: string,
  stop: AbortSignal,
): Promise<AsyncIterable<Uint8Array> | undefined> {
  const answer = await fetch(`${server}${API_BASE}${worldPath(world)}${path}`, {
    headers: keyHeader(key),
    redirect: "error",
    signal: AbortSignal.any([AbortSignal.timeout(OCTETS_MS), stop]),
  });
  if (answer.ok && answer.body !== null) return answer.body as AsyncIterable<Uint8Array>;
  await answer.body?.cancel();
  return undefined;
}

function keyHeader(key: string): Record<string, string> {
  return { authorization: `Bearer ${key}` };
}

const ANSWER_MS = 30_000;
/** A large file over a slow line. */
const OCTETS_MS = 600_000;
