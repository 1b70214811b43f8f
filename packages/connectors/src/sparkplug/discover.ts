import { setTimeout as sleep } from "node:timers/promises";
import { connectAsync, type IPublishPacket } from "mqtt";
import type { BrowseResult } from "@doppelwerk/world";
import { DraftCollector, exampleOf } from "../discovery/draft-collector.ts";
import type { DiscoverOptions } from "../host/connector.ts";
import { endClient, mqttClientOptions } from "../mqtt/client-options.ts";
import { packmlTag } from "../packml/packml-tags.ts";
import { wallClock } from "../samples/wall-clock.ts";
import { decodePayload, encodeRebirth, valueTypeOf } from "./payload.ts";
import { Rebirths } from "./rebirths.ts";
import type { SparkplugSettings } from "./settings.ts";
import { message } from "@doppelwerk/messages";

const MAX_DRAFTS = 100_000;
const MAX_NODES = 10_000;

/** Hears the namespace for a while: births are proposals; an edge node that speaks without having been born to us is asked once for its birth. */
export async function discoverNodes(url: string, settings: SparkplugSettings, options: DiscoverOptions): Promise<BrowseResult> {
  const collector = new DraftCollector(MAX_DRAFTS);
  const born = new Set<string>();
  const heard = new Set<string>();
  const client = await connectAsync(url, mqttClientOptions(settings, options.secret), false);
  client.on("error", () => {});
  const rebirths = new Rebirths(wallClock, { intervalMs: 60_000, longestMs: 60_000, spacingMs: 20 }, (node) => {
    const [group, name] = node.split("/");
    void client.publishAsync(`spBv1.0/${group}/NCMD/${name}`, Buffer.from(encodeRebirth(wallClock.now())), { qos: 0 }).catch(() => {
      // the connection broke: nobody answers any more, and the listening ends by itself
    });
  });
  client.handleMessage = (packet, done) => {
    const { topic, payload } = packet as IPublishPacket;
    const [, group, kind = "", node, device = ""] = topic.split("/");
    const key = `${group}/${node}`;
    if (group !== undefined && node !== undefined && heard.size < MAX_NODES) {
      heard.add(key);
      if (kind === "NBIRTH" || kind === "DBIRTH") {
        if (kind === "NBIRTH") born.add(key);
        note(`${key}/${device}`, typeof payload === "string" ? Buffer.from(payload) : payload, collector);
      } else if ((kind === "NDATA" || kind === "DDATA") && !born.has(key)) rebirths.request(key);
    }
    done();
  };
  const listenS = options.listenS ?? settings.discoverS;
  try {
    const groups = settings.groups ?? ["+"];
    await client.subscribeAsync(
      groups.flatMap((group) => [`spBv1.0/${group}/+/+`, `spBv1.0/${group}/+/+/+`]),
      { qos: 0 },
    );
    await sleep(listenS * 1000);
  } finally {
    rebirths.clear();
    await endClient(client);
  }
  const silent = [...heard].filter((key) => !born.has(key));
  collector.remark(message("connectors.edgeNodesReceived", { count: heard.size, seconds: listenS }));
  if (silent.length > 0)
    collector.remark(message("connectors.noBirthFrom", { nodes: silent.slice(0, 5).join(", "), more: String(silent.length > 5) }));
  return collector.result(url);
}

function note(place: string, bytes: Uint8Array, collector: DraftCollector): void {
  const payload = decodePayload(bytes, () => 0);
  if (payload === undefined) return collector.skip(message("connectors.payloadsNoSparkplug"));
  for (const metric of payload.metrics) {
    const { name, unit, low, high, description, value } = metric;
    if (name === undefined || name === "bdSeq" || name.startsWith("Node Control/") || name.startsWith("Device Control/")) continue;
    const valueType = valueTypeOf(metric.dataType);
    if (valueType === undefined) {
      collector.skip(message("connectors.metricsNoScalars"));
      continue;
    }
    const path = [...place.split("/").filter((part) => part !== ""), ...name.split("/")];
    collector.add({
      name,
      path,
      address: `${place}/${name}`,
      valueType,
      unit,
      low,
      high,
      description,
      ...(typeof value === "number" || typeof value === "string" || typeof value === "boolean" ? { example: exampleOf(value) } : {}),
      ...packmlTag(name.split("/"), collector),
    });
  }
}
