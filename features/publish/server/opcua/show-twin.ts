import { join } from "node:path";
import { startOpcuaOut, type OpcuaOutSettings, type OutNode, type OutValue } from "@doppelwerk/connectors/opcua-out";
import type { Role } from "@doppelwerk/trust";
import { LIVE, quality, recordOfAasId, type Quality, type RecordId, type WorldView } from "@doppelwerk/world";
import type { Site } from "../../../../packages/server/src/compose/site.ts";
import { standingDerived } from "../../../../packages/server/src/line/derived-signals.ts";
import { assetPlaces, distinctPaths, movesSignals, placeOfSignal } from "../places/asset-places.ts";
import { beginOfNewest } from "./newest-samples.ts";

export interface ShownTwin {
  readonly url: string;
  readonly settings: OpcuaOutSettings;
  close(): Promise<void>;
}

export interface ShowTwinOptions {
  readonly port: number;
  readonly host: string;
  readonly directory: string;
  /** Sees all that is shown; who reads it sees what his role may. */
  readonly view: WorldView;
  readonly settings: OpcuaOutSettings;
}

const TELL_EVERY_MS = 100;
/** Roles that may read less than an administrator. */
const READING = ["viewer", "operator", "engineer"] as const satisfies readonly Role[];

/** Shows the signals of live as variables of an OPC UA server, in folders by shell; their history is the historian's. Throws DW_UNAVAILABLE (port). */
export async function showTwin(site: Site, { port, host, directory, view, settings }: ShowTwinOptions): Promise<ShownTwin> {
  let stale = true;
  let told = new Float64Array(0);
  let toldQuality = new Uint8Array(0);
  /** Signals that no plant says, and that nothing was told of. */
  let untold = new Set<RecordId>();
  const out = await startOpcuaOut({
    port,
    host,
    dataDir: join(directory, "connectors"),
    world: site.name,
    settings,
    async history({ id, from, to, limit, newest }) {
      const key = { branch: LIVE, signal: id };
      const begin = newest ? await beginOfNewest(site.history, key, from, to, limit) : from;
      const isBoolean = site.signals.record(id)?.valueType === "boolean";
      const { times, values, texts, qualities } = await site.history.raw(key, begin, to, limit);
      return Array.from(times, (sourceTime, row): OutValue => {
        const worth = qualities[row] as Quality;
        const value = texts.get(row) ?? (Number.isNaN(values[row]!) ? undefined : isBoolean ? values[row] !== 0 : values[row]);
        return { id, quality: worth, sourceTime, ...(value === undefined || worth === quality.bad ? {} : { value }) };
      });
    },
    onAgain() {
      stale = true;
    },
    onCrash: (why) => site.logger.error(why),
  });
  const tell = (): void => {
    const { table } = site.signals;
    if (stale) {
      stale = false;
      out.nodes(nodesOf(site, view));
      told = new Float64Array(0);
      untold = new Set(site.signals.records().flatMap(({ id, connection }) => (connection === undefined ? [id] : [])));
    }
    if (told.length < table.size) {
      const [times, qualities] = [new Float64Array(table.size).fill(NaN), new Uint8Array(table.size)];
      times.set(told);
      qualities.set(toldQuality.subarray(0, told.length));
      [told, toldQuality] = [times, qualities];
    }
    const values: OutValue[] = [];
    for (let row = 0; row < table.size; row++) {
      if (table.qualitySince[row] === 0 || (told[row] === table.sourceTimes[row] && toldQuality[row] === table.qualities[row])) continue;
      const sample = table.live(table.idOf(row)!);
      if (sample === undefined) continue;
      told[row] = sample.sourceTime;
      toldQuality[row] = sample.quality;
      values.push({
        id: sample.signal,
        quality: sample.quality,
        sourceTime: sample.sourceTime,
        ...(sample.value === undefined ? {} : { value: sample.value }),
      });
    }
    values.push(...untoldDerived(site, untold));
    if (values.length > 0) out.values(values);
  };
  const unfollow = view.onCommit(({ entry }) => {
    if (movesSignals(entry)) stale = true;
  });
  const timer = setInterval(tell, TELL_EVERY_MS);
  tell();
  return {
    url: out.url,
    settings,
    async close() {
      clearInterval(timer);
      unfollow();
      await out.close();
    },
  };
}

/** A state or an alarm has steps only, and may have none for weeks: what stands is told once, and taken out of `untold`. */
function untoldDerived({ line, signals: { table } }: Site, untold: Set<RecordId>): readonly OutValue[] {
  if (untold.size === 0 || line.engine === undefined) return [];
  const standing = standingDerived(line.engine);
  const values: OutValue[] = [];
  for (const id of untold) {
    const stands = standing.get(id);
    const row = table.indexOf(id);
    if (stands === undefined || row === undefined) continue;
    untold.delete(id);
    if (table.qualitySince[row] === 0) values.push({ id, quality: quality.good, sourceTime: stands.since, value: stands.value });
  }
  return values;
}

function nodesOf(site: Site, view: WorldView): readonly OutNode[] {
  const reader = view.reader(LIVE);
  const places = assetPlaces(reader);
  // what has no readers of its own is read by every role
  const byRole = READING.map((role) => ({
    role,
    reader: site.view({ id: `opcua:${role}`, name: role, verified: true, roles: [role] }).reader(LIVE),
  }));
  const signals = site.signals.records();
  const paths = distinctPaths(signals.map((signal) => ({ signal, path: placeOfSignal(signal, places, reader) })));
  return signals.map(({ id, valueType, unit, shell }, at): OutNode => {
    const place = paths[at]!;
    const shellId = shell === undefined ? undefined : recordOfAasId(reader, "shell", shell)?.id;
    const readers = byRole.flatMap(({ role, reader: own }) =>
      own.get(id) !== undefined && (shellId === undefined || own.get(shellId) !== undefined) ? [role] : [],
    );
    return {
      id,
      folders: place.slice(0, -1),
      name: place.at(-1)!,
      valueType,
      ...(unit === undefined ? {} : { unit }),
      ...(readers.length === READING.length ? {} : { readers }),
    };
  });
}
