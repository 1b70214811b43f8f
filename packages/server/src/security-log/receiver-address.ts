import { message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";

export interface ReceiverAddress {
  readonly transport: "tls" | "tcp" | "udp";
  readonly host: string;
  readonly port: number;
  /** As it is shown. */
  readonly text: string;
}

/** RFC 5425, RFC 6587 as it is used, RFC 5426. */
const PORTS = { tls: 6514, tcp: 601, udp: 514 } as const;

/** `tls://host:port`, `tcp://…` or `udp://…`, and nothing beside it. Errors: DW_INVALID. */
export function receiverAddress(text: string): ReceiverAddress {
  const [, transport, bracketed, plain, port] =
    /^(tls|tcp|udp):\/\/(?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9._-]+))(?::(\d{1,5}))?$/.exec(text) ?? [];
  const number = port === undefined ? PORTS[transport as keyof typeof PORTS] : Number(port);
  const host = bracketed ?? plain;
  if (host === undefined || !(number >= 1 && number <= 65_535))
    throw new DoppelwerkError("DW_INVALID", message("server.syslogAddress", { text: text.replace(/\/\/[^/@]*@/, "//").slice(0, 200) }));
  return {
    transport: transport as ReceiverAddress["transport"],
    host,
    port: number,
    text: `${transport}://${bracketed ? `[${host}]` : host}:${number}`,
  };
}
