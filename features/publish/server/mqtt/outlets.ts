import { join } from "node:path";
import { opcuaOutSettings, openOutReaders, type OutReaders } from "@doppelwerk/connectors/opcua-out";
import { message } from "@doppelwerk/messages";
import { DoppelwerkError, type WorldView } from "@doppelwerk/world";
import type { Site } from "../../../../packages/server/src/compose/site.ts";
import { parse } from "../../../../packages/server/src/http/query.ts";
import { showTwin, type ShownTwin } from "../opcua/show-twin.ts";
import { Publication } from "./publication.ts";
import type { PublicationWish } from "./settings.ts";

export interface OutletContext {
  /** URL of this server, as others reach it. */
  readonly serverUrl: string;
  /** What may be told outside. */
  readonly view: WorldView;
}

export interface ShowWish {
  readonly port: number;
  readonly host: string;
  readonly view: WorldView;
  readonly settings?: unknown;
}

/** What tells others by itself, without being asked. Opened when the server listens, closed before the world. */
export class Outlets {
  readonly #directory: string;
  readonly readers: OutReaders;
  publication: Publication | undefined;
  twin: ShownTwin | undefined;

  constructor(directory: string) {
    this.#directory = directory;
    this.readers = openOutReaders(join(directory, "connectors"));
  }

  /** Throws DW_INVALID for a bad wish, DW_NOT_FOUND for a secret that is not there. */
  publish(
    site: Site,
    wish: { readonly [name in keyof PublicationWish]: PublicationWish[name] | undefined },
    { serverUrl, view }: OutletContext,
  ): void {
    if (this.publication !== undefined) throw new DoppelwerkError("DW_CONFLICT", message("publish.serverPublishes"));
    const { url, settings, secret } = wish;
    this.publication = new Publication({
      url: url ?? "",
      settings,
      ...(secret === undefined ? {} : { secret }),
      placeFile: join(this.#directory, "published.json"),
      readSecret: (name) => site.connections.secrets.read(name),
      signals: site.signals,
      view,
      log: (after) => site.logAfter(view, after),
      now: () => site.now(),
      logger: site.logger,
      world: site.name,
      serverUrl,
    });
  }

  /** Throws DW_UNAVAILABLE when the port cannot be listened on, DW_INVALID for a bad setting. */
  async show(site: Site, { settings, ...wish }: ShowWish): Promise<string> {
    if (this.twin !== undefined) throw new DoppelwerkError("DW_CONFLICT", message("publish.serverOpcUaServer"));
    const checked = parse(opcuaOutSettings, settings ?? {}, "settings of the OPC UA server");
    this.twin = await showTwin(site, { ...wish, directory: this.#directory, settings: checked });
    return this.twin.url;
  }

  async close(): Promise<void> {
    await this.twin?.close();
    this.twin = undefined;
    await this.publication?.close();
    this.publication = undefined;
  }
}
