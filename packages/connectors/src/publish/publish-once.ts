import { message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";
import { endClient, mqttClientOptions } from "../mqtt/client-options.ts";
import type { Secret } from "../secrets/secret-store.ts";

export interface OneBroker {
  readonly url: string;
  /** Of the host of the URL, as it was looked up and looked at. */
  readonly address: string;
  /** PEM of the authority to trust instead of the public ones. */
  readonly ca?: string;
  readonly secret?: Secret;
}

const TIMEOUT_MS = 10_000;

/** One message with QoS 1 in a session of its own; resolves when the broker has it. `onSending` is called before it is sent. Errors: DW_UNAVAILABLE, those of the client. */
export async function publishOnce(
  { url, address, ca, secret }: OneBroker,
  topic: string,
  payload: string,
  onSending: () => void,
): Promise<void> {
  const { connectAsync } = await import("mqtt");
  const named = new URL(url);
  const host = named.hostname.replace(/^\[|\]$/g, "");
  const options = {
    ...mqttClientOptions(ca === undefined ? {} : { ca }, secret),
    // instead of what the name is looked up as now
    host: address,
    // the certificate is of the name, not of the address
    ...(named.protocol === "mqtts:" && { servername: host }),
  };
  const client = await connectAsync(url, options, false);
  client.on("error", () => {
    // the publication says it
  });
  let timer: NodeJS.Timeout | undefined;
  try {
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(
        () => reject(new DoppelwerkError("DW_UNAVAILABLE", message("connectors.noAnswerMs", { timeoutMs: TIMEOUT_MS }))),
        TIMEOUT_MS,
      );
    });
    onSending();
    await Promise.race([client.publishAsync(topic, payload, { qos: 1 }), late]);
  } finally {
    clearTimeout(timer);
    await endClient(client);
  }
}
