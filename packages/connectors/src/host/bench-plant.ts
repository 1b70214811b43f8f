// The Sparkplug plant of bench/connectors.ts, on a thread of its own: it speaks without end and says its address.
import { once } from "node:events";
import { createServer } from "node:net";
import { parentPort } from "node:worker_threads";
import { Aedes } from "aedes";
import { connectAsync } from "mqtt";
import sparkplug from "sparkplug-payload";

await runSparkplug();

/** Births at once and again when asked; then messages of 100 metrics, as fast as the broker takes them. */
async function runSparkplug(): Promise<void> {
  const broker = await Aedes.createBroker();
  const sockets = createServer(broker.handle);
  sockets.listen(0, "127.0.0.1");
  await once(sockets, "listening");
  const url = `mqtt://127.0.0.1:${(sockets.address() as { port: number }).port}`;
  const codec = sparkplug.get("spBv1.0")!;
  const client = await connectAsync(url);
  let seq = 0;
  const publish = async (
    type: string,
    device: string,
    metrics: readonly { name: string; type: string; value: unknown; alias?: number }[],
  ): Promise<void> => {
    const payload = codec.encodePayload({ timestamp: Date.now(), seq, metrics: metrics as never });
    seq = (seq + 1) % 256;
    await client.publishAsync(`spBv1.0/G/${type}/N${device}`, Buffer.from(payload), { qos: 0 });
  };
  let wanted = true;
  client.on("message", () => (wanted = true));
  await client.subscribeAsync("spBv1.0/G/NCMD/N");
  parentPort!.postMessage(url);
  const all = Array.from({ length: 1_000 }, (_, n) => ({ name: `m${n}`, type: "Double", value: n, alias: n }));
  for (let round = 0; ; round++) {
    if (wanted) {
      wanted = false;
      seq = 0;
      await publish("NBIRTH", "", [{ name: "bdSeq", type: "UInt64", value: 0 }]);
      await publish("DBIRTH", "/D", all);
    }
    const from = (round % 10) * 100;
    await publish(
      "DDATA",
      "/D",
      Array.from({ length: 100 }, (_, n) => ({ alias: from + n, type: "Double", value: round + n }) as never),
    );
    // the broker of this thread needs its turns too
    if (round % 8 === 7) await new Promise((resolve) => setImmediate(resolve));
  }
}
