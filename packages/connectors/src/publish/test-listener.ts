// Someone else at the broker, for tests: subscribes to a filter and remembers what came.
import { connectAsync } from "mqtt";

export interface ReceivedMessage {
  readonly topic: string;
  readonly text: string;
  /** The broker had kept it from before. */
  readonly retained: boolean;
}

export interface TestListener {
  readonly heard: readonly ReceivedMessage[];
  last(topic: string): ReceivedMessage | undefined;
  until(what: string, holds: () => boolean): Promise<void>;
  say(topic: string, text: string, retain?: boolean): Promise<void>;
  end(): Promise<void>;
}

export async function listenTo(url: string, ...filters: readonly string[]): Promise<TestListener> {
  const client = await connectAsync(url, { reconnectPeriod: 0 });
  const heard: ReceivedMessage[] = [];
  let wake: () => void = () => {};
  client.on("error", () => {});
  client.on("message", (topic, bytes, packet) => {
    heard.push({ topic, text: bytes.toString(), retained: packet.retain });
    wake();
  });
  await client.subscribeAsync([...filters], { qos: 1 });
  return {
    heard,
    last: (topic) => heard.findLast((message) => message.topic === topic),
    async until(what, holds) {
      const deadline = setTimeout(() => wake(), 241_000);
      const since = performance.now();
      while (!holds()) {
        if (performance.now() - since > 240_000) throw new Error(`never heard: ${what}; heard ${JSON.stringify(heard.slice(-5))}`);
        await new Promise<void>((resolve) => (wake = resolve));
      }
      clearTimeout(deadline);
    },
    say: async (topic, text, retain = false) => void (await client.publishAsync(topic, text, { qos: 1, retain })),
    end: () => client.endAsync(true),
  };
}
