import { createClient, type Client } from "@doppelwerk/client";
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
        headers: { ...headers, authorization: `Bearer ${key}` },
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

const ANSWER_MS = 30_000;
