import { AttributeIds } from "node-opcua";
import { qualityOf, rawValueOf, sourceTimeOf } from "./raw-value.ts";
import type { PresentValue } from "@doppelwerk/world";
import type { ConnectionTarget, DiscoverOptions } from "../host/connector.ts";
import { parseAddress, toNodeIdText } from "./address.ts";
import { readAll } from "./ask-server.ts";
import { openLink, type Link } from "./link.ts";
import { opcuaSettings } from "./settings.ts";

/** A person looks at a screenful again and again: the link stays for a while after each look. */
const KEPT_MS = 20_000;

interface Kept {
  readonly link: Promise<Link>;
  timer: NodeJS.Timeout;
}

const kept = new Map<string, Kept>();

/** The present values at some addresses of a server that need not be connected; in their order, undefined where there is none. */
export async function lookAt(
  target: ConnectionTarget,
  addresses: readonly string[],
  options: DiscoverOptions,
): Promise<readonly (PresentValue | undefined)[]> {
  const link = await keptLink(target, options);
  const known = addresses.map((address) => {
    const parsed = parseAddress(address);
    const nodeId = parsed && toNodeIdText(parsed, link.namespaces);
    return nodeId === undefined ? undefined : { nodeId, inside: parsed!.inside };
  });
  const nodes = known.filter((node) => node !== undefined);
  const values = await readAll(
    link,
    nodes.map(({ nodeId }) => ({ nodeId, attributeId: AttributeIds.Value })),
  );
  let n = 0;
  return known.map((node): PresentValue | undefined => {
    if (node === undefined) return undefined;
    const value = values[n++]!;
    const raw = rawValueOf(value.value, node.inside);
    const time = sourceTimeOf(value);
    const plain = typeof raw === "object" ? undefined : typeof raw === "bigint" ? Number(raw) : raw;
    return {
      ...(plain === undefined ? {} : { value: plain }),
      quality: qualityOf(value.statusCode.value),
      ...(time === undefined ? {} : { time }),
    };
  });
}

async function keptLink(target: ConnectionTarget, { dataDir, secret }: DiscoverOptions): Promise<Link> {
  const key = JSON.stringify([target.url, target.settings, target.secret, dataDir]);
  const known = kept.get(key);
  if (known !== undefined && (await known.link).isAlive()) {
    known.timer.refresh();
    return known.link;
  }
  const forget = (): void => {
    if (kept.get(key) !== entry) return;
    kept.delete(key);
    entry.link
      .then((link) => link.close())
      .catch(() => {
        // it was never opened, or is gone: nothing is left to close
      });
  };
  const link = openLink({ url: target.url, dataDir, secret, security: opcuaSettings.parse(target.settings ?? {}) });
  const entry: Kept = { link, timer: setTimeout(forget, KEPT_MS) };
  entry.timer.unref();
  kept.set(key, entry);
  link.catch(() => {
    clearTimeout(entry.timer);
    if (kept.get(key) === entry) kept.delete(key);
  });
  return link;
}
