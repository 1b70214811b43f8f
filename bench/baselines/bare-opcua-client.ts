// node-opcua alone, on a thread of its own, for bench/connectors.ts: the same subscription, and a counter. Each message asks for one measurement.
import { parentPort, workerData } from "node:worker_threads";
import { AttributeIds, ClientMonitoredItemGroup, MessageSecurityMode, OPCUAClient, SecurityPolicy, TimestampsToReturn } from "node-opcua";

export interface BareWork {
  readonly url: string;
  readonly namespace: string;
  /** Monitored are `s=p0`, `s=p1` … */
  readonly items: number;
  readonly samplingMs: number;
  readonly measureMs: number;
}

const { url, namespace, items, samplingMs, measureMs } = workerData as BareWork;

parentPort!.on("message", () => void measure().then((measured) => parentPort!.postMessage(measured)));

async function measure(): Promise<{ readonly subscribedS: number; readonly perSecond: number; readonly perCpuSecond: number }> {
  const client = OPCUAClient.create({
    endpointMustExist: false,
    securityMode: MessageSecurityMode.None,
    securityPolicy: SecurityPolicy.None,
  });
  const begun = performance.now();
  await client.connect(url);
  const session = await client.createSession();
  const namespaces = await session.readNamespaceArray();
  const subscription = await session.createSubscription2({
    requestedPublishingInterval: 50,
    requestedMaxKeepAliveCount: 20,
    requestedLifetimeCount: 600,
    maxNotificationsPerPublish: 0,
    publishingEnabled: true,
    priority: 10,
  });
  const seen = new Uint8Array(items);
  let missing = items;
  let changes = 0;
  const all = Promise.withResolvers<number>();
  for (let from = 0; from < items; from += 1_000) {
    const nodes = Array.from({ length: 1_000 }, (_, n) => ({
      nodeId: `ns=${namespaces.indexOf(namespace)};s=p${from + n}`,
      attributeId: AttributeIds.Value,
    }));
    const group = ClientMonitoredItemGroup.create(
      subscription,
      nodes,
      { samplingInterval: samplingMs, queueSize: 50, discardOldest: true },
      TimestampsToReturn.Both,
    );
    group.on("changed", (_item, _value, at) => {
      changes++;
      if (missing === 0 || seen[from + at] !== 0) return;
      seen[from + at] = 1;
      if (--missing === 0) all.resolve(performance.now() - begun);
    });
    await new Promise<void>((resolve) => group.on("initialized", () => resolve()));
  }
  const subscribedMs = await all.promise;
  const before = changes;
  const from = performance.now();
  const cpu = process.threadCpuUsage();
  await new Promise((resolve) => setTimeout(resolve, measureMs));
  const taken = changes - before;
  const perSecond = (taken * 1000) / (performance.now() - from);
  const { user, system } = process.threadCpuUsage(cpu);
  const perCpuSecond = (taken * 1_000_000) / (user + system);
  await session.close(true);
  await client.disconnect();
  return { subscribedS: subscribedMs / 1000, perSecond, perCpuSecond };
}
