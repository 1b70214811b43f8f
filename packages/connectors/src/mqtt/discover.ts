import { setTimeout as sleep } from "node:timers/promises";
import { connectAsync, type IPublishPacket } from "mqtt";
import type { BrowseResult } from "@doppelwerk/world";
import { DraftCollector, exampleOf, typeOfScalar } from "../discovery/draft-collector.ts";
import type { DiscoverOptions } from "../host/connector.ts";
import { packmlTag } from "../packml/packml-tags.ts";
import { pointerOf, pointerTokens } from "../samples/json-pointer.ts";
import { endClient, mqttClientOptions } from "./client-options.ts";
import { readPayload, signalsOf } from "../payload/payload.ts";
import type { MqttSettings } from "./settings.ts";
import { parseTemplate, type TopicTemplate } from "./topic-template.ts";
import { isMessage, message } from "@doppelwerk/messages";

const SCALARS_PER_TOPIC = 200;

/** Listens for a while and proposes a signal for each scalar of each topic heard. A topic that was silent in that time is not found: `remarks` says so. */
export async function discoverTopics(url: string, settings: MqttSettings, options: DiscoverOptions): Promise<BrowseResult> {
  const template = templateOf(settings);
  const collector = new DraftCollector(settings.maxTopics);
  const heard = new Set<string>();
  const client = await connectAsync(url, mqttClientOptions(settings, options.secret), false);
  client.on("error", () => {});
  let messages = 0;
  client.handleMessage = (packet, done) => {
    messages++;
    note(packet as IPublishPacket, settings, template, collector, heard);
    done();
  };
  try {
    await client.subscribeAsync([...(settings.topics ?? [template?.filter ?? "#"])], { qos: settings.qos });
    await sleep((options.listenS ?? settings.discoverS) * 1000);
  } finally {
    await endClient(client);
  }
  collector.remark(message("connectors.topicsReceived", { topics: heard.size, seconds: options.listenS ?? settings.discoverS, messages }));
  return collector.result(url);
}

function templateOf(settings: MqttSettings): TopicTemplate | undefined {
  const template = settings.template === undefined ? undefined : parseTemplate(settings.template);
  return template === undefined || isMessage(template) ? undefined : template;
}

function note(
  { topic, payload: body }: IPublishPacket,
  settings: MqttSettings,
  template: TopicTemplate | undefined,
  collector: DraftCollector,
  heard: Set<string>,
): void {
  if (heard.size >= settings.maxTopics && !heard.has(topic))
    return collector.skip(message("connectors.topicsBeyond", { max: settings.maxTopics }));
  heard.add(topic);
  if (topic.startsWith("spBv1.0/")) return collector.remark(message("connectors.brokerHasSparkplug"));
  const parts = template === undefined ? topic.split("/") : template.match(topic)?.map(({ value }) => value);
  if (parts === undefined) return collector.skip(message("connectors.topicsNotOfTemplate"));
  const bytes = typeof body === "string" ? Buffer.from(body) : body;
  const payload = bytes.length > settings.maxPayloadBytes ? undefined : readPayload(bytes);
  if (payload === undefined)
    return collector.skip(
      bytes.length > settings.maxPayloadBytes
        ? message("connectors.payloadsTooLarge", { maxBytes: settings.maxPayloadBytes })
        : message("connectors.payloadsNoText"),
    );
  const timeTokens = settings.timePointer === undefined ? undefined : pointerTokens(settings.timePointer);
  for (const { tokens, value, unit } of signalsOf(payload, timeTokens, settings.timeZone, SCALARS_PER_TOPIC)) {
    const path = [...parts, ...tokens];
    collector.add({
      name: path.join("."),
      path,
      address: tokens.length === 0 ? topic : `${topic}#${pointerOf(tokens)}`,
      valueType: typeOfScalar(value),
      example: exampleOf(value),
      ...(unit === undefined ? {} : { unit }),
      ...packmlTag([...topic.split("/"), ...tokens], collector),
    });
  }
}
