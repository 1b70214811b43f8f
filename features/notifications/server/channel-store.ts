import { DoppelwerkError, message, z } from "@doppelwerk/kit";
import type { Channel } from "../contract.ts";
import type {} from "../message-codes.ts";
import { ChannelFields } from "../model/channel-kind.ts";
import { PrivateJson } from "./private-json.ts";

const MAX_CHANNELS = 50;
const stored = z.object({
  version: z.literal(1),
  address: z.string().optional(),
  channels: z.array(z.object({ id: z.string(), fields: ChannelFields })),
});
type Stored = z.output<typeof stored>;

/** The channels of a world, with their secrets. */
export class ChannelStore {
  readonly #file: PrivateJson<typeof stored>;
  readonly #newId: () => string;
  #kept: Stored;

  /** Errors: DW_DAMAGED, DW_FORBIDDEN. */
  constructor(folder: string, newId: () => string) {
    this.#file = new PrivateJson(folder, "channels.json", stored);
    this.#newId = newId;
    this.#kept = this.#file.read() ?? { version: 1, channels: [] };
  }

  /** What this server is called in links. */
  get address(): string | undefined {
    return this.#kept.address;
  }

  list(): readonly { readonly id: string; readonly fields: ChannelFields }[] {
    return this.#kept.channels;
  }

  find(id: string): ChannelFields | undefined {
    return this.#kept.channels.find((channel) => channel.id === id)?.fields;
  }

  /** Errors: DW_NOT_FOUND. */
  require(id: string): ChannelFields {
    const found = this.find(id);
    if (found === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("notifications.noChannel", { id: id.slice(0, 200) }));
    return found;
  }

  /** Mail to people goes by the first mail server that is on. */
  mail(): { readonly id: string; readonly fields: Extract<ChannelFields, { readonly kind: "smtp" }> } | undefined {
    for (const { id, fields } of this.#kept.channels) if (fields.kind === "smtp" && fields.isOn) return { id, fields };
    return undefined;
  }

  /** Errors: DW_CONFLICT where there are too many, or one has the name. */
  add(fields: ChannelFields): Channel {
    if (this.#kept.channels.length >= MAX_CHANNELS)
      throw new DoppelwerkError("DW_CONFLICT", message("notifications.tooManyChannels", { max: MAX_CHANNELS }));
    const id = this.#newId();
    this.#requireName(id, fields.name);
    this.#write({ ...this.#kept, channels: [...this.#kept.channels, { id, fields }] });
    return shownChannel(id, fields);
  }

  /** Errors: DW_NOT_FOUND, DW_CONFLICT. */
  change(id: string, given: ChannelFields): Channel {
    const before = this.require(id);
    if (before.kind !== given.kind) throw new DoppelwerkError("DW_CONFLICT", message("notifications.otherKind"));
    this.#requireName(id, given.name);
    const fields = withSecretsOf(before, given);
    this.#write({ ...this.#kept, channels: this.#kept.channels.map((channel) => (channel.id === id ? { id, fields } : channel)) });
    return shownChannel(id, fields);
  }

  /** Errors: DW_NOT_FOUND. */
  remove(id: string): void {
    this.require(id);
    this.#write({ ...this.#kept, channels: this.#kept.channels.filter((channel) => channel.id !== id) });
  }

  setAddress(address: string | undefined): void {
    const { address: _before, ...kept } = this.#kept;
    this.#write({ ...kept, ...(address !== undefined && { address: address.replace(/\/+$/, "") }) });
  }

  #requireName(id: string, name: string): void {
    if (this.#kept.channels.some((channel) => channel.id !== id && channel.fields.name === name))
      throw new DoppelwerkError("DW_CONFLICT", message("notifications.sameName", { name }));
  }

  #write(kept: Stored): void {
    this.#file.write(kept);
    this.#kept = kept;
  }
}

/** A secret of before goes to the host that it was given for, and to no other. */
function withSecretsOf(before: ChannelFields, given: ChannelFields): ChannelFields {
  if (given.kind === "smtp" && before.kind === "smtp") {
    const isSame = given.host === before.host && given.username === before.username && given.security === before.security;
    return { ...given, password: given.password ?? (isSame ? before.password : undefined) };
  }
  if (given.kind === "mqtt" && before.kind === "mqtt")
    return {
      ...given,
      password: given.password ?? (given.url === before.url && given.username === before.username ? before.password : undefined),
    };
  if (given.kind === "smtp" || given.kind === "mqtt" || before.kind === "smtp" || before.kind === "mqtt") return given;
  const url = given.url ?? before.url;
  return { ...given, url, secret: given.secret ?? (url === before.url ? before.secret : undefined) };
}

export function shownChannel(id: string, fields: ChannelFields): Channel {
  if (fields.kind === "smtp" || fields.kind === "mqtt") {
    const { password, ...shown } = fields;
    return { id, fields: shown, hasSecret: password !== undefined };
  }
  const { url, secret, ...shown } = fields;
  return { id, fields: shown, hasSecret: secret !== undefined, ...(url !== undefined && { host: new URL(url).host }) };
}
